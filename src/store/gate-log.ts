import { sql } from "drizzle-orm";
import { conversationId, guildId, messageId } from "../core/ids.ts";
import { isManager } from "../core/principal.ts";
import type { GateLog } from "../core/stores.ts";
import { rows, type Db } from "./database.ts";
import { toJson } from "./json.ts";

/** Reasons are asked for soon or never. */
const KEPT_DAYS = 30;

export interface StoredGateLog extends GateLog {
  /** Removes what is older than 30 days. */
  readonly tidy: () => Promise<void>;
}

export function createGateLog(db: Db): StoredGateLog {
  return {
    async record(refusals) {
      if (refusals.length === 0) return;
      await db.execute(sql`
        insert into gate_decisions (message_id, conversation_id, guild_id, author_id, reason, at)
        select "messageId", "conversationId", "guildId", "authorId", reason, at
        from jsonb_to_recordset(${toJson(refusals)}::jsonb) as refusal(
          "messageId" text, "conversationId" text, "guildId" text, "authorId" text, reason text, at timestamptz)`);
    },

    async about({ principal }, id) {
      const manages = isManager(principal) ? sql`guild_id = ${principal.guildId}` : sql`false`;
      const found = await rows<
        Record<"message" | "place" | "author" | "reason" | "at", string> & { guild: string | null }
      >(
        db,
        sql`
          select message_id as message, conversation_id as place, guild_id as guild, author_id as author, reason, at
          from gate_decisions where message_id = ${id} and (author_id = ${principal.userId} or ${manages})
          order by id`,
      );
      return found.map(({ message, place, guild, author, reason, at }) => ({
        messageId: messageId(message),
        conversationId: conversationId(place),
        guildId: guild === null ? null : guildId(guild),
        authorId: author,
        reason,
        at: new Date(at),
      }));
    },

    async tidy() {
      await db.execute(
        sql`delete from gate_decisions where at < now() - make_interval(days => ${KEPT_DAYS})`,
      );
    },
  };
}

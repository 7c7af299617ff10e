import { sql, type SQL } from "drizzle-orm/sql";
import { conversationId, guildId, messageId } from "../core/ids.ts";
import { isManager, readableKeys, type Scope } from "../core/principal.ts";
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
      await rows(
        db,
        sql`
          insert into gate_decisions (message_id, conversation_id, guild_id, author_id, reason, at)
          select "messageId", "conversationId", "guildId", "authorId", reason, at
          from jsonb_to_recordset(${toJson(refusals)}::jsonb) as refusal(
            "messageId" text, "conversationId" text, "guildId" text, "authorId" text, reason text, at timestamptz)`,
      );
    },

    async about(scope, id) {
      const found = await rows<DecisionRow>(
        db,
        sql`
          select message_id, conversation_id, guild_id, author_id, reason, at
          from gate_decisions where message_id = ${id} and ${mayKnow(scope)} order by id`,
      );
      return found.map((row) => ({
        messageId: messageId(row.message_id),
        conversationId: conversationId(row.conversation_id),
        guildId: row.guild_id === null ? null : guildId(row.guild_id),
        authorId: row.author_id,
        reason: row.reason,
        at: row.at,
      }));
    },

    async tidy() {
      await rows(
        db,
        sql`delete from gate_decisions where at < now() - make_interval(days => ${KEPT_DAYS})`,
      );
    },
  };
}

interface DecisionRow {
  readonly message_id: string;
  readonly conversation_id: string;
  readonly guild_id: string | null;
  readonly author_id: string;
  readonly reason: string;
  readonly at: Date;
}

/** The author and those who keep order, and only where the message was: others read the answer too. */
function mayKnow(scope: Scope): SQL {
  readableKeys(scope);
  const { principal, audience } = scope;
  const manages = isManager(principal) ? sql`guild_id = ${principal.guildId}` : sql`false`;
  const own = sql`(author_id = ${principal.userId} or ${manages})`;
  switch (audience.kind) {
    case "private":
      return own;
    case "channel":
      return sql`${own} and conversation_id = ${audience.conversationId}`;
    case "guild":
      return sql`${own} and guild_id = ${audience.guildId}`;
  }
}

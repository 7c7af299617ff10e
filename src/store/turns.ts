import { sql } from "drizzle-orm/sql";
import { turnId, type TurnId } from "../core/ids.ts";
import { isManager, readableKeys, type Scope } from "../core/principal.ts";
import type { TurnStore } from "../core/stores.ts";
import type { CancelReason, TurnState } from "../core/turn.ts";
import { createClaim } from "./claim.ts";
import { array, rows, type Database } from "./database.ts";
import { createFinish } from "./finish.ts";
import type { EpisodeJobs } from "./queue/episode-jobs.ts";
import type { LearnJobs } from "./queue/learn-jobs.ts";
import type { SummaryJobs } from "./queue/summary-jobs.ts";
import type { TurnJobs } from "./queue/turn-jobs.ts";

export interface TurnStoreDeps {
  readonly database: Database;
  readonly jobs: TurnJobs;
  readonly summaries: Pick<SummaryJobs, "add">;
  readonly learning: Pick<LearnJobs, "add">;
  readonly episodes: Pick<EpisodeJobs, "add">;
  readonly worker: number;
}

export function createTurnStore(deps: TurnStoreDeps): TurnStore {
  const { db } = deps.database;
  return {
    claim: createClaim(deps),
    finish: createFinish(deps),

    async cancel(scope, id, reason) {
      const stopped = await rows(
        db,
        sql`
          update turns set cancel_reason = ${reason}
          where id = ${id} and state in ('queued', 'running') and cancel_reason is null and ${mayStop(scope)}
          returning id`,
      );
      return stopped.length > 0;
    },

    async openTurn(scope, conversation) {
      const [open] = await rows<{ id: string }>(
        db,
        sql`
          select id from turns
          where conversation_id = ${conversation} and state in ('queued', 'running') and cancel_reason is null
            and ${mayStop(scope)}
          order by state = 'running' desc, seq desc limit 1`,
      );
      return open ? turnId(open.id) : null;
    },

    async interrupted(leases) {
      const held = new Map(leases.map((lease) => [lease.turnId, lease.generation]));
      const found = await rows<{
        id: string;
        generation: number;
        state: TurnState;
        cancel_reason: CancelReason | null;
      }>(
        db,
        sql`select id, generation, state, cancel_reason from turns where id = any(${array([...held.keys()])})`,
      );
      return new Map(
        found.flatMap(({ id, generation, state, cancel_reason: reason }) => {
          const isMine = held.get(turnId(id)) === generation;
          const why = isMine ? reason : state === "queued" ? "edited" : "lost";
          return why === null ? [] : [[turnId(id), why] as [TurnId, CancelReason | "lost"]];
        }),
      );
    },
  };
}

/** Who asked, and those who keep order in the guild. */
function mayStop({ principal, audience }: Scope) {
  const readable = array(readableKeys({ principal, audience }));
  const manages = isManager(principal) ? sql`guild_id = ${principal.guildId}` : sql`false`;
  return sql`((person_id = ${principal.userId} and audience = any(${readable})) or ${manages})`;
}

import { sql, type SQL } from "drizzle-orm/sql";
import type { ConversationId } from "../core/ids.ts";
import { readableKeys, ScopeError, type Scope } from "../core/principal.ts";
import type { BudgetHolder, Ledger } from "../core/stores.ts";
import { array, rows, type Database, type Db } from "./database.ts";
import { isHeld, lost } from "./leases.ts";

/** Bookings wait for each other, so that two cannot both take the last of a budget. "budg" in ASCII. */
const BOOKING_LOCK = 0x62756467;

export function createLedger({ database }: { readonly database: Database }): Ledger {
  return {
    spent: (scope, conversation, holder, since) =>
      spentBy(database.db, scope, conversation, { holder, since, besides: null }),

    async reserve(scope, lease, conversation, limits, since, estimateUsd) {
      return database.transact(async ({ db }) => {
        await rows(db, sql`select pg_advisory_xact_lock(${BOOKING_LOCK})`);
        for (const limit of limits) {
          const { holder } = limit;
          const besides = lease.turnId;
          const spent = await spentBy(db, scope, conversation, { holder, since, besides });
          const reached = limit.unit === "usd" ? spent.costUsd : spent.turns;
          if (reached >= limit.limit) return limit;
        }
        const booked = await rows(
          db,
          sql`
            insert into reservations (turn_id, person_id, conversation_id, guild_id, usd)
            select id, person_id, conversation_id, guild_id, ${estimateUsd} from turns
            where ${isHeld(lease)} and conversation_id = ${visible(scope, conversation)}
            on conflict (turn_id) do update set usd = excluded.usd, at = now()
            returning turn_id`,
        );
        if (booked.length === 0) throw lost(lease);
        return null;
      });
    },

    async charge(scope, conversation, { purpose, turnId, cost }) {
      const { userId, guildId } = scope.principal;
      const { provider, model, usage } = cost;
      const charged = await rows(
        database.db,
        sql`
          insert into usage (purpose, turn_id, person_id, conversation_id, guild_id, provider, model, input_tokens,
            cached_input_tokens, cache_write_tokens, output_tokens, cost_usd, counted_usd, estimated)
          select ${purpose}, ${turnId}, ${userId}, id, ${guildId}, ${provider}, ${model},
            ${usage.inputTokens}, ${usage.cachedInputTokens}, ${usage.cacheWriteTokens}, ${usage.outputTokens},
            ${usage.costUsd}, ${usage.costUsd ?? 0}, ${usage.estimated}
          from conversations where id = ${visible(scope, conversation)}
          returning id`,
      );
      if (charged.length === 0)
        throw new ScopeError("A cost is charged where it arose, and in that place's scope");
    },
  };
}

/** The money of a turn counts for itself, its being a turn does not. */
async function spentBy(
  db: Db,
  scope: Scope,
  conversation: ConversationId,
  { holder, since, besides }: { holder: BudgetHolder; since: Date; besides: string | null },
): Promise<{ readonly costUsd: number; readonly turns: number }> {
  const byHolder = isHolder(scope, conversation, holder);
  const [spent] = await rows<{ usd: number; turns: number }>(
    db,
    sql`
      select coalesce(sum(usd), 0)::float8 as usd,
        count(distinct turn_id) filter (where turn_id is distinct from ${besides})::int as turns
      from (
        select turn_id, counted_usd as usd from usage where at >= ${since} and ${byHolder}
        union all
        select turn_id, usd from reservations
        where at >= ${since} and turn_id is distinct from ${besides} and ${byHolder}
      ) as spending`,
  );
  return { costUsd: spent?.usd ?? 0, turns: spent?.turns ?? 0 };
}

function isHolder(scope: Scope, conversation: ConversationId, holder: BudgetHolder): SQL {
  const { userId, guildId } = scope.principal;
  readableKeys(scope);
  switch (holder) {
    case "person":
      return sql`person_id = ${userId}`;
    case "member":
      return guildId === null ? sql`false` : sql`person_id = ${userId} and guild_id = ${guildId}`;
    case "channel":
      return sql`conversation_id = ${visible(scope, conversation)}`;
    case "guild":
      return guildId === null ? sql`false` : sql`guild_id = ${guildId}`;
    case "everyone":
      return sql`true`;
    case "schedule": // Counted where schedules are kept.
      return sql`false`;
  }
}

/** The conversation's id where the scope may see it, else null. */
const visible = (scope: Scope, conversation: ConversationId): SQL => sql`(
  select visible.id from conversations as visible
  where visible.id = ${conversation} and visible.audience = any(${array(readableKeys(scope))}))`;

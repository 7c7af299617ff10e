import { sql, type SQL } from "drizzle-orm";
import type { ConversationId } from "../core/ids.ts";
import { readableKeys, type Scope } from "../core/principal.ts";
import type { BudgetHolder, Ledger } from "../core/stores.ts";
import { rows, type Database, type Db } from "./database.ts";

/** Bookings wait for each other, so that two cannot both take the last of a budget. "budg" in ASCII. */
const BOOKING_LOCK = 0x62756467;

export function createLedger({ database }: { readonly database: Database }): Ledger {
  return {
    spent: (scope, conversation, holder, since) =>
      spentBy(database.db, scope, conversation, { holder, since, besides: null }),

    async reserve(scope, lease, conversation, limits, since, estimateUsd) {
      return database.transact(async ({ db }) => {
        await db.execute(sql`select pg_advisory_xact_lock(${BOOKING_LOCK})`);
        for (const limit of limits) {
          const { holder } = limit;
          const spent = await spentBy(db, scope, conversation, {
            holder,
            since,
            besides: lease.turnId,
          });
          const reached = limit.unit === "usd" ? spent.costUsd : spent.turns;
          if (reached >= limit.limit) return limit;
        }
        const { userId, guildId } = scope.principal;
        await db.execute(sql`
          insert into reservations (turn_id, person_id, conversation_id, guild_id, usd)
          values (${lease.turnId}, ${userId}, ${conversation}, ${guildId}, ${estimateUsd})
          on conflict (turn_id) do update set usd = excluded.usd, at = now()`);
        return null;
      });
    },

    async charge(scope, conversation, { purpose, turnId, cost }) {
      readableKeys(scope);
      const { userId, guildId } = scope.principal;
      const { provider, model, usage } = cost;
      await database.db.execute(sql`
        insert into usage (purpose, turn_id, person_id, conversation_id, guild_id, provider, model, input_tokens,
          cached_input_tokens, cache_write_tokens, output_tokens, cost_usd, counted_usd, estimated)
        values (${purpose}, ${turnId}, ${userId}, ${conversation}, ${guildId}, ${provider}, ${model},
          ${usage.inputTokens}, ${usage.cachedInputTokens}, ${usage.cacheWriteTokens}, ${usage.outputTokens},
          ${usage.costUsd}, ${usage.costUsd ?? 0}, ${usage.estimated})`);
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
  const [spent] = await rows<{ usd: number; turns: number }>(
    db,
    sql`
      select coalesce(sum(usd), 0)::float8 as usd,
        count(distinct turn_id) filter (where turn_id is distinct from ${besides})::int as turns
      from (
        select turn_id, counted_usd as usd from usage
        where at >= ${since.toISOString()} and ${isHolder(scope, conversation, holder)}
        union all
        select turn_id, usd from reservations
        where at >= ${since.toISOString()} and turn_id is distinct from ${besides}
          and ${isHolder(scope, conversation, holder)}
      ) as spending`,
  );
  return { costUsd: spent?.usd ?? 0, turns: spent?.turns ?? 0 };
}

function isHolder({ principal }: Scope, conversation: ConversationId, holder: BudgetHolder): SQL {
  switch (holder) {
    case "person":
      return sql`person_id = ${principal.userId}`;
    case "channel":
      return sql`conversation_id = ${conversation}`;
    case "guild":
      return principal.guildId === null ? sql`false` : sql`guild_id = ${principal.guildId}`;
    case "everyone":
      return sql`true`;
  }
}

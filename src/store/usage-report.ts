import { sql, type SQL } from "drizzle-orm/sql";
import { readableKeys, type Scope } from "../core/principal.ts";
import type { UsageBy, UsageHolder, UsageReports } from "../core/usage-report.ts";
import { array, rows, type Db } from "./database.ts";

const MAX_LINES = 100;

export function createUsageReports(db: Db): UsageReports {
  return {
    async lines(scope, place, { holder, by, since, limit }) {
      const found = await rows<{ about: string; turns: number; tokens: string; usd: number }>(
        db,
        sql`
          select ${ABOUT[by]} as about, count(distinct turn_id)::int as turns,
            sum(input_tokens + output_tokens) as tokens, sum(counted_usd)::float8 as usd
          from usage join conversations on conversations.id = usage.conversation_id
          where at >= ${since} and ${isHolder(scope, place.id, holder)}
          group by 1 order by usd desc, turns desc, about limit ${Math.min(limit, MAX_LINES)}`,
      );
      return found.map(({ about, turns, tokens, usd }) => ({
        about,
        turns,
        tokens: Number(tokens),
        costUsd: usd,
      }));
    },

    async days(scope, place, { holder, starts }) {
      const [since] = starts;
      if (!since) return [];
      const found = await rows<{ day: number; usd: number }>(
        db,
        sql`
          select width_bucket(at, ${array(starts.map((start) => start.toISOString()))}::timestamptz[])::int as day, sum(counted_usd)::float8 as usd
          from usage join conversations on conversations.id = usage.conversation_id
          where at >= ${since} and ${isHolder(scope, place.id, holder)}
          group by 1`,
      );
      const byDay = new Map(found.map(({ day, usd }) => [day, usd]));
      return starts.map((_, index) => byDay.get(index + 1) ?? 0);
    },
  };
}

const ABOUT: Readonly<Record<UsageBy, SQL>> = {
  person: sql`usage.person_id`,
  channel: sql`coalesce(conversations.parent_id, conversations.channel_id)`,
  job: sql`usage.purpose`,
  model: sql`usage.model`,
};

function isHolder(scope: Scope, conversation: string, holder: UsageHolder): SQL {
  const keys = array(readableKeys(scope));
  const { userId, guildId } = scope.principal;
  switch (holder) {
    case "person":
      return sql`usage.person_id = ${userId}`;
    case "channel":
      return sql`conversations.id = ${conversation} and conversations.audience = any(${keys})`;
    case "guild":
      return guildId === null ? sql`false` : sql`usage.guild_id = ${guildId}`;
  }
}

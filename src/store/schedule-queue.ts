import { sql } from "drizzle-orm/sql";
import { audienceKey } from "../core/principal.ts";
import {
  MAX_FAILED_RUNS,
  type Allowance,
  type DueSchedule,
  type ScheduleQueue,
} from "../core/schedules.ts";
import { rows, type Database } from "./database.ts";
import { AGE_MS, dueQueue, isHeldDue, takeDue } from "./due.ts";
import { toJson, toText } from "./json.ts";
import { fromStored } from "./principals.ts";
import { toSchedule, type ScheduleRow } from "./schedules.ts";

interface DueRow extends ScheduleRow {
  readonly principal: unknown;
  readonly tries: number;
  readonly age_ms: number;
  readonly failed: number;
  readonly month_usd: number;
}

/** Of the newest runs, how many ended without an answer. One that still goes on is none of them. */
const FAILED = sql`(
  select count(*)::int from (
    select turns.outcome->>'detail' as detail, turns.state from schedule_runs as run
      join turns on turns.id = run.turn_id
    where run.schedule_id = taken.id order by run.due_at desc limit ${MAX_FAILED_RUNS}
  ) as newest
  where state in ('done', 'cancelled') and detail not in ('answered', 'cut-short', 'out-of-steps', 'stopped'))`;

const MONTH_USD = sql`(
  select coalesce(sum(usage.counted_usd), 0)::float8 from schedule_runs as run
    join usage on usage.turn_id = run.turn_id
  where run.schedule_id = taken.id and usage.at >= date_trunc('month', now() at time zone 'utc') at time zone 'utc')`;

export function createScheduleQueue(database: Database): ScheduleQueue {
  const { db } = database;
  return {
    ...dueQueue(db, sql`schedules`),

    async take(now, limit) {
      const taken = await rows<DueRow>(
        db,
        sql`
          with taken as (
            ${takeDue(sql`schedules`, now, limit)}
            returning *
          )
          select taken.*, ${AGE_MS},
            ${FAILED} as failed, ${MONTH_USD} as month_usd
          from taken`,
      );
      return taken.map(toDue);
    },

    async begin({ id, dueAt }, turnId) {
      await rows(
        db,
        sql`
          insert into schedule_runs (schedule_id, due_at, turn_id) values (${id}, ${dueAt}, ${turnId})
          on conflict (schedule_id, due_at) do update set turn_id = excluded.turn_id`,
      );
    },

    async settle(due, next) {
      const settled = await rows(
        db,
        sql`
          update schedules set
            state = ${next === null ? "ended" : "open"}, due_at = ${next?.dueAt ?? due.dueAt},
            times_left = ${next?.timesLeft ?? 0}, leased_until = null, first_tried_at = null, tries = 0
          where ${isHeldDue(due)} returning id`,
      );
      return settled.length > 0;
    },

    async halt(due, words) {
      const { principal } = due.scope;
      const audience = audienceKey({ kind: "private", userId: principal.userId });
      await rows(
        db,
        sql`
          with halted as (
            update schedules set state = 'halted', leased_until = null where ${isHeldDue(due)} returning owner_id
          )
          insert into reminders (owner_id, audience, place, "to", text, zone, due_at, times_left, origin)
          select owner_id, ${audience}, ${toJson(due.place)}::jsonb, 'dm', ${toText(words)}, ${due.zone}, now(), 1,
            ${`schedule:${due.id}:${due.dueAt.getTime()}`}
          from halted
          on conflict (origin) do nothing`,
      );
    },

    async allowance(turnId) {
      const [row] = await rows<Record<"max_run" | "run" | "max_month" | "month", number>>(
        db,
        sql`
          select taken.max_run_usd as max_run, taken.max_month_usd as max_month, ${MONTH_USD} as month,
            (select coalesce(sum(counted_usd), 0)::float8 from usage where turn_id = own.turn_id) as run
          from schedule_runs as own join schedules as taken on taken.id = own.schedule_id
          where own.turn_id = ${turnId}`,
      );
      return row ? toAllowance(row) : null;
    },
  };
}

const toAllowance = (
  row: Record<"max_run" | "run" | "max_month" | "month", number>,
): Allowance => ({
  maxRunUsd: row.max_run,
  runUsd: row.run,
  maxMonthUsd: row.max_month,
  monthUsd: row.month,
});

function toDue(row: DueRow): DueSchedule {
  const schedule = toSchedule(row);
  return {
    ...schedule,
    scope: {
      principal: { ...fromStored(row.principal), via: "job" },
      audience: schedule.place.audience,
    },
    tries: row.tries,
    ageMs: row.age_ms,
    isFailing: row.failed >= MAX_FAILED_RUNS,
    spentThisMonthUsd: row.month_usd,
  };
}

import { sql } from "drizzle-orm/sql";
import { audienceKey, readableKeys, ScopeError } from "../core/principal.ts";
import {
  MAX_OPEN_SCHEDULES,
  type Schedule,
  type Schedules,
  type ScheduleState,
} from "../core/schedules.ts";
import { rows, type Database } from "./database.ts";
import { toJson, toText } from "./json.ts";
import { toStored } from "./principals.ts";
import { isOwn, lockOwner, toPlace, toRepeat } from "./reminder-rows.ts";

export interface ScheduleRow {
  readonly id: string;
  readonly place: unknown;
  readonly prompt: string;
  readonly zone: string;
  readonly due_at: Date;
  readonly repeat: unknown;
  readonly times_left: number;
  readonly max_run_usd: number;
  readonly max_month_usd: number;
  readonly state: ScheduleState;
}

export const toSchedule = (row: ScheduleRow): Schedule => ({
  id: Number(row.id),
  place: toPlace(row.place),
  prompt: row.prompt,
  zone: row.zone,
  dueAt: row.due_at,
  repeat: toRepeat(row.repeat),
  timesLeft: row.times_left,
  maxRunUsd: row.max_run_usd,
  maxMonthUsd: row.max_month_usd,
  state: row.state,
});

export function createSchedules(database: Database): Schedules {
  const { db } = database;
  return {
    async add(scope, { place, prompt, dueAt, repeat, times, zone, maxRunUsd, maxMonthUsd }) {
      readableKeys(scope);
      const audience = audienceKey(scope.audience);
      if (audienceKey(place.audience) !== audience)
        throw new ScopeError("A prompt is scheduled in the scope of its place");
      const owner = scope.principal.userId;
      return database.transact(async (transaction) => {
        await lockOwner(transaction.db, scope);
        const [row] = await rows<ScheduleRow>(
          transaction.db,
          sql`
            insert into schedules (owner_id, audience, principal, place, prompt, zone, due_at, repeat, times_left,
              max_run_usd, max_month_usd)
            select ${owner}, ${audience}, ${toJson(toStored(scope.principal))}::jsonb, ${toJson(place)}::jsonb,
              ${toText(prompt)}, ${zone}, ${dueAt}::timestamptz, ${repeat === null ? null : toJson(repeat)}::jsonb,
              ${times}::int, ${maxRunUsd}::float8, ${maxMonthUsd}::float8
            where (
              select count(*) from schedules where owner_id = ${owner} and state = 'open'
            ) < ${MAX_OPEN_SCHEDULES}
            returning *`,
        );
        return row ? { kind: "added", schedule: toSchedule(row) } : { kind: "too-many" };
      });
    },

    async list(scope) {
      const found = await rows<ScheduleRow>(
        db,
        sql`
          select * from schedules where ${isOwn(scope)} and state in ('open', 'halted')
          order by due_at, id limit ${2 * MAX_OPEN_SCHEDULES}`,
      );
      return found.map(toSchedule);
    },

    async cancel(scope, id) {
      const [row] = await rows<ScheduleRow>(
        db,
        sql`
          update schedules set state = 'cancelled'
          where id = ${id} and ${isOwn(scope)} and state in ('open', 'halted') returning *`,
      );
      return row ? toSchedule(row) : null;
    },
  };
}

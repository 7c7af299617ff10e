import { sql } from "drizzle-orm/sql";
import type { EntryLevel, LogEntries } from "../core/log-entries.ts";
import type { JsonObject } from "../core/model.ts";
import { array, rows, type Db } from "./database.ts";
import { toJson } from "./json.ts";

/** Whatever the days say: the newest of so many numbers are kept. */
const MAX_KEPT = 200_000;
/** Of one question. */
const MAX_FOUND = 200;

export function createLogEntries(db: Db): LogEntries {
  return {
    async add(entries) {
      await rows(
        db,
        sql`
          insert into log_entries (at, level, event, room, fields)
          select at, level, event, room, fields
          from jsonb_to_recordset(${toJson(entries)}::jsonb)
            as entry(at timestamptz, level text, event text, room text, fields jsonb)`,
      );
    },

    async find({ words, room, levels, withinHours, limit }) {
      return rows<EntryRow>(
        db,
        sql`
          select at, level, event, room, fields from log_entries
          where level = any(${array(levels)})
            and (${room}::text is null or room = ${room})
            and (${withinHours}::float8 is null or at >= now() - ${withinHours}::float8 * interval '1 hour')
            and (${words}::text is null
              or strpos(lower(event || ' ' || fields::text), lower(${words}::text)) > 0)
          order by at desc, id desc limit ${Math.min(limit, MAX_FOUND)}`,
      );
    },

    async tidy(keptDays) {
      await rows(
        db,
        sql`
          delete from log_entries where at < now() - make_interval(days => ${keptDays}::int)
            or id <= (select max(id) from log_entries) - ${MAX_KEPT}`,
      );
    },
  };
}

interface EntryRow {
  readonly at: Date;
  readonly level: EntryLevel;
  readonly event: string;
  readonly room: string | null;
  readonly fields: JsonObject;
}

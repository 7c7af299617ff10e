import { sql } from "drizzle-orm/sql";
import type { Backlog } from "../core/backlog.ts";
import { rows, type Db } from "./database.ts";

/** In one query. Only open turns are looked at: parts of others wait for nothing. */
export async function readBacklog(db: Db): Promise<Backlog> {
  const [found] = await rows<BacklogRow>(
    db,
    sql`
      with open as (
        select id, state, queued_at from turns where state in ('queued', 'running', 'delivering'))
      select
        (select count(*) from open where state = 'queued')::int as queued,
        (select count(*) from open where state = 'running')::int as running,
        (select count(*) from open where state = 'delivering')::int as delivering,
        (select coalesce(extract(epoch from now() - min(queued_at)), 0) from open
          where state = 'queued')::float8 as oldest,
        (select count(*) from open join outbox on outbox.turn_id = open.id
          where outbox.state in ('open', 'planned', 'surplus'))::int as parts`,
  );
  const { queued = 0, running = 0, delivering = 0, oldest = 0, parts = 0 } = found ?? {};
  return { queued, running, delivering, oldestQueuedSeconds: oldest, pendingParts: parts };
}

interface BacklogRow {
  readonly queued: number;
  readonly running: number;
  readonly delivering: number;
  readonly oldest: number;
  readonly parts: number;
}

import type { CopiedTable } from "../../core/backup.ts";
import { array, rows, type Db } from "../database.ts";
import { sql } from "drizzle-orm/sql";

/** Jobs that wait; what runs them is made anew. */
export const JOBS = "pgboss.job";
const MIGRATIONS = "public.clara_migrations";
export const SECRETS = "public.secrets";
/** Of moments only: who does something right now. */
const MOMENTARY = ["public.google_locks"];

/** A column and the type that its text is read as. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
}

export const toCopied = ({ name, columns }: Table): CopiedTable => ({
  name,
  columns: columns.map((column) => column.name),
});

/** All tables whose rows are copied, each after those that it refers to; the jobs last. */
export async function tablesOf(db: Db): Promise<readonly Table[]> {
  const found = await rows<{ name: string; columns: readonly Column[] }>(
    db,
    sql`
      select n.nspname || '.' || c.relname as name,
        jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod))
          order by a.attnum) as columns
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      where c.relkind in ('r', 'p') and not c.relispartition
        and (n.nspname = 'public' or n.nspname || '.' || c.relname = ${JOBS})
        and not n.nspname || '.' || c.relname = any(${array([MIGRATIONS, ...MOMENTARY])})
      group by 1 order by 1`,
  );
  return inOrder(found, await referencesOf(db));
}

interface Reference {
  readonly from: string;
  readonly to: string;
}

const referencesOf = (db: Db): Promise<readonly Reference[]> =>
  rows<Reference>(
    db,
    sql`
      select 'public.' || f.relname as "from", 'public.' || t.relname as "to"
      from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
      where k.contype = 'f' and k.connamespace = 'public'::regnamespace and f.oid <> t.oid`,
  );

/** Throws when tables refer to each other in a circle: then no order would do. */
function inOrder(tables: readonly Table[], references: readonly Reference[]): readonly Table[] {
  const ordered: Table[] = [];
  let left = tables.filter(({ name }) => name !== JOBS);
  while (left.length > 0) {
    const waits = ({ name }: Table) =>
      references.some(({ from, to }) => from === name && left.some((each) => each.name === to));
    const ready = left.filter((table) => !waits(table));
    if (ready.length === 0) throw new Error("Tables refer to each other in a circle");
    ordered.push(...ready);
    left = left.filter(waits);
  }
  return [...ordered, ...tables.filter(({ name }) => name === JOBS)];
}

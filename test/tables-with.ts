import type { TestStore } from "./open-test-store.ts";

/** The names of all tables that hold these words anywhere. */
export async function tablesWith(
  { query }: Pick<TestStore, "query">,
  words: string,
): Promise<readonly string[]> {
  const tables = await query(
    // Those of the queue, too.
    "select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')",
  );
  const holding: string[] = [];
  for (const { name: table } of tables) {
    const found = await query(
      `select from ${String(table)} as each where strpos(to_jsonb(each)::text, $1) > 0 limit 1`,
      [words],
    );
    if (found.length > 0) holding.push(String(table));
  }
  return holding.toSorted();
}

import type { TestStore } from "./open-test-store.ts";

/** The names of all tables that hold these words anywhere. */
export async function tablesWith(
  { query }: Pick<TestStore, "query">,
  words: string,
): Promise<readonly string[]> {
  const tables = await query(
    "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
  );
  const holding: string[] = [];
  for (const { table_name: table } of tables) {
    const found = await query(
      `select from "${String(table)}" as each where strpos(to_jsonb(each)::text, $1) > 0 limit 1`,
      [words],
    );
    if (found.length > 0) holding.push(String(table));
  }
  return holding.toSorted();
}

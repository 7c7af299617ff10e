/** A model reads no more than that many rows better than the structured content. */
const MAX_ROWS = 20;

type Cell = string | number | boolean | null | undefined;

/** A table in Markdown; with more rows than are shown it says so. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return "Nothing found.";
  const lines = rows.slice(0, MAX_ROWS).map((row) => `| ${row.map(cell).join(" | ")} |`);
  const more = rows.length > MAX_ROWS ? [`(${MAX_ROWS} of ${rows.length})`] : [];
  return [
    `| ${heads.join(" | ")} |`,
    `|${heads.map(() => "---|").join("")}`,
    ...lines,
    ...more,
  ].join("\n");
}

const cell = (value: Cell): string =>
  String(value ?? "")
    .replaceAll("|", "\\|")
    .replace(/\s+/g, " ");

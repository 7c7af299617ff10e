import type { Figure, Readings, Row } from "./figure.ts";
import type { Home } from "./homes.ts";

/** What one figure gave for each home; null where the home could not be had. */
export interface Measured {
  readonly figure: Figure;
  readonly byHome: ReadonlyMap<Home["name"], Readings>;
}

const COLUMNS = ["echo bot", "PGlite", "PostgreSQL"] as const;

/** All that was measured as one Markdown table. Two numbers are p50 / p95. */
export function toTable(measured: readonly Measured[]): string {
  const head = ["Figure (p50 / p95)", "Aim", ...COLUMNS, "PGlite : echo", "PostgreSQL : echo"];
  const lines = measured.flatMap(({ figure, byHome }) =>
    Object.entries(figure.rows).map(([name, row]) => toLine(row, (home) => byHome.get(home), name)),
  );
  return [head, head.map(() => "---"), ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function toLine(
  row: Row,
  readingsOf: (home: Home["name"]) => Readings | undefined,
  name: string,
): readonly string[] {
  const floor = readingsOf("echo bot")?.[name];
  const cell = (home: Home["name"]): string => {
    const readings = readingsOf(home);
    if (!readings) return "not measured";
    const reading = readings[name];
    if (!reading || Number.isNaN(reading[0])) return "";
    const isOver = row.isAdded === true && home !== "echo bot" && floor !== undefined;
    return toText(
      row,
      isOver ? reading.map((value, index) => value - (floor[index] ?? 0)) : reading,
    );
  };
  const ratio = (home: Home["name"]): string => {
    const reading = readingsOf(home)?.[name];
    return reading && floor && floor[0] > 0 ? (reading[0] / floor[0]).toFixed(1) : "";
  };
  const aim = row.aim === "" ? "" : `${row.aim} ${row.unit}`;
  return [row.label, aim, ...COLUMNS.map(cell), ratio("PGlite"), ratio("PostgreSQL")];
}

const toText = ({ unit, digits }: Row, reading: readonly number[]): string =>
  `${reading.map((value) => value.toFixed(digits)).join(" / ")} ${unit}`;

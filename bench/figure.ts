import type { Home } from "./homes.ts";

/** What was measured: one number, or the median and the 95th percentile. */
export type Reading = readonly [number] | readonly [p50: number, p95: number];

/** Readings by the name of their row. A row that a subject has no reading for stays empty. */
export type Readings = Readonly<Record<string, Reading>>;

/** One line of the table. */
export interface Row {
  readonly label: string;
  /** As the project's aims have it; "" for none. With PostgreSQL's and PGlite's where they differ. */
  readonly aim: string;
  readonly unit: string;
  readonly digits: number;
  /** True: told as what comes on top of the echo bot's. */
  readonly isAdded?: boolean;
}

/** Some rows that are measured together. */
export interface Figure {
  /** For `--only`. */
  readonly name: string;
  readonly rows: Readonly<Record<string, Row>>;
  /** In a home that was lived in before. */
  readonly measure: (home: Home, isQuick: boolean) => Promise<Readings>;
}

/** Keeps the names of the rows. */
export const defineFigure = (figure: Figure): Figure => figure;

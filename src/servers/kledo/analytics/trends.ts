import { addMonths, type Day } from "../days.ts";
import type { Period } from "../dates.ts";
import { percent, type Money } from "../money.ts";
import type { Bill } from "./bills.ts";
import { revenueOf } from "./revenue.ts";

/** More points than that are no trend that somebody reads. */
const MAX_POINTS = 120;

export type Unit = "month" | "quarter" | "year";
const MONTHS_IN: Readonly<Record<Unit, number>> = { month: 1, quarter: 3, year: 12 };

export interface TrendPoint {
  /** 2026-03, 2026-Q1, 2026. */
  readonly name: string;
  readonly bills: number;
  readonly net: Money;
  readonly gross: Money;
  /** Of the gross against the point before, in percent; null for the first one, and after nothing. */
  readonly change: number | null;
}

/** What was billed, unit by unit, those without any bill included. */
export function trendOf(bills: readonly Bill[], period: Period, unit: Unit): readonly TrendPoint[] {
  const groups = Map.groupBy(bills, ({ date }) => nameOf(date, unit));
  const points = namesIn(period, unit).map((name) => {
    const { bills: count, net, gross } = revenueOf(groups.get(name) ?? []);
    return { name, bills: count, net, gross };
  });
  return points.map((point, at) => ({
    ...point,
    change: changeOf(points[at - 1]?.gross, point.gross),
  }));
}

/** In percent; null where there is nothing to compare with. */
export const changeOf = (before: Money | undefined, now: Money): number | null =>
  before === undefined || before === 0n ? null : percent(now - before, before);

function nameOf(day: Day, unit: Unit): string {
  const [year = "", month = "1"] = day.split("-");
  if (unit === "year") return year;
  return unit === "month" ? `${year}-${month}` : `${year}-Q${Math.ceil(Number(month) / 3)}`;
}

function namesIn({ from, to }: Period, unit: Unit): readonly string[] {
  const last = nameOf(to, unit);
  const names: string[] = [];
  for (
    let at = `${from.slice(0, 7)}-01`;
    names.length < MAX_POINTS;
    at = addMonths(at, MONTHS_IN[unit])
  ) {
    const name = nameOf(at, unit);
    names.push(name);
    if (name >= last) break;
  }
  return names;
}

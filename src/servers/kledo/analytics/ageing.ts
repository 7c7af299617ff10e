import { daysBetween, type Day } from "../days.ts";
import { sum, type Money } from "../money.ts";
import type { Bill } from "./bills.ts";

/** By days since a bill was due, or since it was written. */
const BUCKETS = [
  { name: "not_due", from: -Infinity, to: 0 },
  { name: "days_1_30", from: 1, to: 30 },
  { name: "days_31_60", from: 31, to: 60 },
  { name: "days_61_90", from: 61, to: 90 },
  { name: "over_90", from: 91, to: Infinity },
] as const;

export type BucketName = (typeof BUCKETS)[number]["name"];
export const BUCKET_NAMES = BUCKETS.map(({ name }) => name);
export type Aged = Readonly<Record<BucketName, Money>>;

export interface AgedContact {
  readonly contactId: number;
  readonly name: string;
  readonly buckets: Aged;
  readonly total: Money;
}

export interface Ageing {
  readonly buckets: Aged;
  readonly total: Money;
  readonly overdue: Money;
  readonly bills: number;
  /** Mean age of what is open, in days since it was written, each rupiah counted alike; null of nothing. */
  readonly meanDays: number | null;
  readonly contacts: readonly AgedContact[];
}

/** What is open today, by how old it is. Whoever owes most comes first. */
export function ageingOf(
  bills: readonly Bill[],
  today: Day,
  by: "due_date" | "trans_date",
): Ageing {
  const open = bills.filter(({ due }) => due > 0n);
  const ageOf = (bill: Bill): number =>
    daysBetween(by === "due_date" ? bill.dueDate : bill.date, today);
  const buckets = inBuckets(open, ageOf);
  const total = sum(open.map(({ due }) => due));
  const overdue = open.filter(({ dueDate }) => daysBetween(dueDate, today) > 0);
  return {
    buckets,
    total,
    overdue: sum(overdue.map(({ due }) => due)),
    bills: open.length,
    meanDays: meanAge(open, today, total),
    contacts: byContact(open, ageOf),
  };
}

const inBuckets = (bills: readonly Bill[], ageOf: (bill: Bill) => number): Aged =>
  Object.fromEntries(
    BUCKETS.map(({ name, from, to }) => [
      name,
      sum(bills.filter((bill) => ageOf(bill) >= from && ageOf(bill) <= to).map(({ due }) => due)),
    ]),
  ) as Aged;

function byContact(bills: readonly Bill[], ageOf: (bill: Bill) => number): readonly AgedContact[] {
  return [...Map.groupBy(bills, ({ contactId }) => contactId)]
    .map(([contactId, own]) => ({
      contactId,
      name: own.at(-1)?.contactName ?? "",
      buckets: inBuckets(own, ageOf),
      total: sum(own.map(({ due }) => due)),
    }))
    .toSorted((one, other) =>
      one.total === other.total
        ? one.name < other.name
          ? -1
          : 1
        : one.total < other.total
          ? 1
          : -1,
    );
}

/** With one decimal. */
function meanAge(bills: readonly Bill[], today: Day, total: Money): number | null {
  if (total === 0n) return null;
  const weighted = sum(bills.map(({ date, due }) => due * BigInt(daysBetween(date, today))));
  const twentieths = (weighted * 20n) / total;
  return Number((twentieths + (twentieths < 0n ? -1n : 1n)) / 2n) / 10;
}

/** Times as people say them. What knows languages and time zones is large, so it is loaded when it is first needed. */

export type RepeatUnit = "minute" | "hour" | "day" | "week" | "month" | "year";

export interface Repeat {
  /** Every so many units; from 1. */
  readonly every: number;
  readonly unit: RepeatUnit;
  /** Monday is 1; only with weeks, and then at least one, else empty. */
  readonly weekdays: readonly number[];
  /** The first time, as the clock on the wall shows it: `2026-03-28T08:00`. */
  readonly start: string;
  /** IANA name. */
  readonly zone: string;
}

export type When =
  | { readonly kind: "time"; readonly at: Date; readonly repeat: Repeat | null }
  /** `why` is for people, and says what would be understood. */
  | { readonly kind: "unclear"; readonly why: string };

export interface Calendar {
  /** Never a time that is over. English, German, French and Indonesian, and ISO 8601. */
  readonly read: (words: string, now: Date, zone: string) => When;
  /** The first time of a repeat that is later than `after`. */
  readonly nextAfter: (repeat: Repeat, after: Date) => Date;
  /** The same clock time on the day after `at`, or later, so that it is later than `after`. */
  readonly nextDay: (at: Date, after: Date, zone: string) => Date;
  /** A repeat that goes on from a time: "every day" from then on. */
  readonly repeatFrom: (at: Date, unit: RepeatUnit, zone: string) => Repeat;
}

export async function loadCalendar(): Promise<Calendar> {
  const [{ readWhen }, { nextAfter, inZone }] = await Promise.all([
    import("./when/read-when.ts"),
    import("./when/repeat.ts"),
  ]);
  const repeatFrom = (at: Date, unit: RepeatUnit, zone: string): Repeat => {
    const start = inZone(at, zone).toPlainDateTime().toString();
    return { every: 1, unit, weekdays: [], start, zone };
  };
  return {
    read: readWhen,
    nextAfter,
    nextDay(at, after, zone) {
      const next = nextAfter(repeatFrom(at, "day", zone), at);
      return next > after ? next : nextAfter(repeatFrom(at, "day", zone), after);
    },
    repeatFrom,
  };
}

const UNITS: Readonly<Record<RepeatUnit, string>> = {
  minute: "minute",
  hour: "hour",
  day: "day",
  week: "week",
  month: "month",
  year: "year",
};
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** "every day", "every 2 weeks on Monday and Friday". */
export function describeRepeat({ every, unit, weekdays }: Repeat): string {
  const days = weekdays.map((day) => DAYS[day - 1]).join(", ");
  if (weekdays.length > 0 && every === 1) return `every ${days}`;
  const units = every === 1 ? `every ${UNITS[unit]}` : `every ${every} ${UNITS[unit]}s`;
  return days === "" ? units : `${units} on ${days}`;
}

import { Temporal } from "temporal-polyfill";
import type { Repeat, RepeatUnit } from "../calendar.ts";

/** Hours and minutes run on whatever the clocks do; days and more keep the time on the wall. */
const EXACT_MS: Readonly<Partial<Record<RepeatUnit, number>>> = {
  minute: 60_000,
  hour: 3_600_000,
};
const DAY_MS = 86_400_000;
/** At most so long a unit can be; for the first guess only. */
const UNIT_MS: Readonly<Record<RepeatUnit, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 31 * DAY_MS,
  year: 366 * DAY_MS,
};

/**
 * The first time of a repeat that is later than `after`. A time that a clock change leaves out comes as much later as
 * the clock jumps; one that comes twice is taken the first time. The 31st is the last day in shorter months.
 */
export function nextAfter(repeat: Repeat, after: Date): Date {
  const { every, unit, start, zone, weekdays } = repeat;
  const anchor = Temporal.PlainDateTime.from(start);
  if (weekdays.length > 0) return nextWeekday(repeat, anchor, after);
  const begins = toDate(anchor, zone);
  const exactMs = EXACT_MS[unit];
  if (exactMs !== undefined) {
    const stepMs = every * exactMs;
    const steps = Math.max(0, Math.floor((after.getTime() - begins.getTime()) / stepMs) + 1);
    return new Date(begins.getTime() + steps * stepMs);
  }
  // The guess is never too late: a unit is at most so long.
  const guess = Math.floor((after.getTime() - begins.getTime()) / (every * UNIT_MS[unit])) - 1;
  for (let step = Math.max(0, guess); ; step++) {
    const at = toDate(anchor.add({ [`${unit}s`]: step * every }), zone);
    if (at > after) return at;
  }
}

function nextWeekday(
  { every, zone, weekdays }: Repeat,
  anchor: Temporal.PlainDateTime,
  after: Date,
): Date {
  const firstMonday = mondayOf(anchor.toPlainDate());
  const yesterday = inZone(after, zone).toPlainDate().subtract({ days: 1 });
  let day = laterOf(anchor.toPlainDate(), yesterday);
  for (;;) {
    const weeks = firstMonday.until(mondayOf(day), { largestUnit: "days" }).days / 7;
    const at = toDate(day.toPlainDateTime(anchor.toPlainTime()), zone);
    if (weeks % every === 0 && weekdays.includes(day.dayOfWeek) && at > after) return at;
    day = day.add({ days: 1 });
  }
}

/** A time on the wall as an instant; see nextAfter() for those that do not exist or exist twice. */
export const toDate = (wall: Temporal.PlainDateTime, zone: string): Date =>
  new Date(wall.toZonedDateTime(zone, { disambiguation: "compatible" }).epochMilliseconds);

export const inZone = (at: Date, zone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);

const mondayOf = (day: Temporal.PlainDate): Temporal.PlainDate =>
  day.subtract({ days: day.dayOfWeek - 1 });

const laterOf = (one: Temporal.PlainDate, other: Temporal.PlainDate): Temporal.PlainDate =>
  Temporal.PlainDate.compare(one, other) > 0 ? one : other;

import * as de from "chrono-node/de";
import * as en from "chrono-node/en";
import * as fr from "chrono-node/fr";
import * as id from "chrono-node/id";
import { Temporal } from "temporal-polyfill";
import type { Repeat, When } from "../calendar.ts";
import { readRepeat, type SaidRepeat } from "./read-repeat.ts";
import { inZone, nextAfter, toDate } from "./repeat.ts";

type Parsed = ReturnType<typeof en.casual.parse>[number];
type Parts = Parsed["start"];

const LANGUAGES = [en, de, fr, id];
/** Longer words are no time. */
const MAX_CHARS = 200;
/** When a day is named and no time. */
const MORNING = { hour: 9, minute: 0 };
const MAX_YEARS = 10;
const PARTS_OF_A_DAY = /casualReference\/(morning|noon|afternoon|evening|night|tonight|midnight)/;
/** What may stand around a time without changing it. */
const FILLER =
  /^(?:on|at|the|from|starting|um|am|ab|à|a|le|la|les|de|des|dès|pada|jam|pukul|di|mulai|o'clock|uhr|please|bitte|[\s,.;:!-])*$/iu;
const DAY_OF_MONTH =
  /(?<![\p{L}\d])(?:on the|am|le|tanggal|the)\s+(\d{1,2})(?:st|nd|rd|th|\.|er)?(?![\p{L}\d:.])/iu;

const unclear = (why: string): When => ({ kind: "unclear", why });
const HOW =
  'Say it for example as "tomorrow at 9", "in 20 minutes", "every Monday 8:00" or "2026-12-24 18:00".';

/** See Calendar. */
export function readWhen(words: string, now: Date, zone: string): When {
  const text = words.trim().replace(/\s+/g, " ");
  if (text === "" || text.length > MAX_CHARS) return unclear(`That is no time. ${HOW}`);
  const said = readRepeat(text);
  const time = said ? readFirst(said, now, zone) : readMoment(text, now, zone);
  if (time === null) return unclear(`I do not understand that time. ${HOW}`);
  if (time.at <= now) return unclear("That time is over already.");
  if (time.at.getTime() > now.getTime() + MAX_YEARS * 366 * 86_400_000)
    return unclear(`That is more than ${MAX_YEARS} years away.`);
  return time;
}

type Time = Extract<When, { kind: "time" }>;

/** The first of a repeat, from the time that was said with it. */
function readFirst(said: SaidRepeat, now: Date, zone: string): Time | null {
  const { every, unit, weekdays, rest } = said;
  const here = inZone(now, zone).toPlainDateTime();
  const repeatFrom = (start: Temporal.PlainDateTime): Repeat => ({
    every,
    unit,
    weekdays,
    start: start.toString({ smallestUnit: "second" }),
    zone,
  });
  if (FILLER.test(rest)) {
    // "every 2 hours" counts from now; "every day" means the morning.
    const isShort = unit === "minute" || unit === "hour";
    const start = isShort
      ? here.add({ [`${unit}s`]: every })
      : here.with({ ...MORNING, second: 0, millisecond: 0, microsecond: 0, nanosecond: 0 });
    const repeat = repeatFrom(start);
    return { kind: "time", at: nextAfter(repeat, now), repeat };
  }
  const first = readWall(rest, now, zone);
  if (first === null) return null;
  // "every Monday at 8": the day comes from the repeat, the time from the rest.
  const start = weekdays.length > 0 ? here.withPlainTime(first.toPlainTime()) : first;
  const repeat = repeatFrom(start);
  return { kind: "time", at: nextAfter(repeat, now), repeat };
}

function readWall(text: string, now: Date, zone: string): Temporal.PlainDateTime | null {
  const time = readMoment(text, now, zone);
  return time && inZone(time.at, zone).toPlainDateTime();
}

function readMoment(given: string, now: Date, zone: string): Time | null {
  const { text, dayOfMonth } = takeDayOfMonth(given.replace(/\bfrüh\b/iu, "um 8"));
  const offsetMinutes = inZone(now, zone).offsetNanoseconds / 60_000_000_000;
  const reference = { instant: now, timezone: offsetMinutes };
  if (dayOfMonth !== null && FILLER.test(text)) {
    const start = inZone(now, zone)
      .toPlainDateTime()
      .with({ ...MORNING, second: 0, millisecond: 0 });
    return onDay(start, dayOfMonth, now, zone);
  }
  const found = LANGUAGES.flatMap(({ casual }) =>
    whole(text, casual.parse(text, reference, { forwardDate: true })),
  );
  const [best] = found.toSorted((one, other) => other.text.length - one.text.length);
  if (!best) return null;
  // "in 20 minutes" and "9:00 CET" are instants already.
  if (best.start.isCertain("timezoneOffset") && dayOfMonth === null)
    return {
      kind: "time",
      at: new Date(Math.floor(best.start.date().getTime() / 1_000) * 1_000),
      repeat: null,
    };
  const wall = wallOf(best.start, PARTS_OF_A_DAY.test([...best.tags()].join(" ")));
  if (wall === null) return null;
  if (dayOfMonth !== null) return onDay(wall, dayOfMonth, now, zone);
  const at = toDate(wall, zone);
  const isFree = !best.start.isCertain("day") && !best.start.isCertain("weekday");
  return {
    kind: "time",
    at: at <= now && isFree ? toDate(wall.add({ days: 1 }), zone) : at,
    repeat: null,
  };
}

/** What a language understood, when it is one time and nothing but filler is left over. */
function whole(text: string, found: readonly Parsed[]): readonly Parsed[] {
  const [only, ...more] = found;
  if (!only || more.length > 0 || only.end) return [];
  const around = `${text.slice(0, only.index)} ${text.slice(only.index + only.text.length)}`;
  return FILLER.test(around) ? [only] : [];
}

function wallOf(parts: Parts, isPartOfDay: boolean): Temporal.PlainDateTime | null {
  const get = (name: "year" | "month" | "day" | "hour" | "minute" | "second") =>
    parts.get(name) ?? 0;
  const isTimeSaid = parts.isCertain("hour") || isPartOfDay;
  const time = isTimeSaid
    ? {
        hour: get("hour"),
        minute: get("minute"),
        second: parts.isCertain("second") ? get("second") : 0,
      }
    : MORNING;
  try {
    return Temporal.PlainDateTime.from(
      { year: get("year"), month: get("month"), day: get("day"), ...time },
      { overflow: "reject" },
    );
  } catch {
    return null; // The 31st of February, or 25:00.
  }
}

/** "on the 15th": chrono takes it only with a month. */
function takeDayOfMonth(text: string): {
  readonly text: string;
  readonly dayOfMonth: number | null;
} {
  const match = DAY_OF_MONTH.exec(text);
  const day = Number(match?.[1]);
  if (!match || day < 1 || day > 31) return { text, dayOfMonth: null };
  const after = text.slice(match.index + match[0].length);
  // "on the 15th of May", "am 3. Mai", "am 15 Uhr": a month or a clock follows.
  if (/^\s*(?:of\s+|de\s+)?\p{L}/iu.test(after) && !/^\s*(?:at|um|à|jam|pukul|ab)\b/iu.test(after))
    return { text, dayOfMonth: null };
  return {
    text: `${text.slice(0, match.index)} ${after}`.replace(/\s+/g, " ").trim(),
    dayOfMonth: day,
  };
}

function onDay(wall: Temporal.PlainDateTime, day: number, now: Date, zone: string): Time | null {
  const first = inZone(now, zone)
    .toPlainDateTime()
    .with({ day: 1 })
    .withPlainTime(wall.toPlainTime());
  for (let months = 0; months < 12; months++) {
    const month = first.add({ months });
    if (day > month.daysInMonth) continue;
    const at = toDate(month.with({ day }), zone);
    if (at > now) return { kind: "time", at, repeat: null };
  }
  return null;
}

import { Failure } from "../kit/failure.ts";
import { addDays, addMonths, lastDay, toDay, todayIn, type Day } from "./days.ts";

/** From the first day to the last, both included. */
export interface Period {
  readonly from: Day;
  readonly to: Day;
}

const MONTHS: readonly string[] = [
  "jan(?:uar[iy])?",
  "feb(?:ruar[iy])?",
  "mar(?:et|ch)?",
  "apr(?:il)?",
  "me[iy]|may",
  "jun[ie]?",
  "jul[iy]?",
  "a(?:gu|ug)(?:stus|ust)?",
  "sep(?:tember)?",
  "o[kc]t(?:ober)?",
  "nov(?:ember)?",
  "de[sc](?:ember)?",
];

const HINT =
  "Use YYYY-MM-DD, YYYY-MM, YYYY, or words such as today, this_month, last_month, 3 months ago, this_quarter, last_year, " +
  "bulan ini, bulan lalu, kuartal ini, semester lalu, tahun ini, januari 2026.";

/** What a phrase means today, in the company's zone. English and Indonesian. Throws INVALID_ARGUMENT. */
export function readPeriod(phrase: string, now: Date, zone: string): Period {
  const words = phrase
    .trim()
    .toLowerCase()
    .replace(/[_\s]+/g, " ");
  const today = todayIn(now, zone);
  const found =
    readDates(words) ??
    readUnit(words, today) ??
    readMonthName(words, today) ??
    readLast(words, today);
  if (found) return found;
  throw new Failure("INVALID_ARGUMENT", `"${phrase.slice(0, 80)}" is no time that we know.`, {
    hint: HINT,
  });
}

const monthOf = (year: number, month: number): Period => ({
  from: toDay(year, month, 1),
  to: lastDay(year, month),
});

function readDates(words: string): Period | null {
  const range = /^(\S+) (?:to|until|sampai|s\/d|-|–) (\S+)$/.exec(words);
  if (range?.[1] && range[2]) {
    const from = readDates(range[1]);
    const to = readDates(range[2]);
    return from && to ? { from: from.from, to: to.to } : null;
  }
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(words);
  if (!match) return null;
  const [year, month, day] = match.slice(1).map((digits) => (digits ? Number(digits) : undefined));
  if (year === undefined || year < 1900) return null;
  if (month === undefined) return { from: toDay(year, 1, 1), to: toDay(year, 12, 31) };
  if (month < 1 || month > 12) return null;
  if (day === undefined) return monthOf(year, month);
  const last = Number(lastDay(year, month).slice(8));
  if (day < 1 || day > last) return null;
  return { from: toDay(year, month, day), to: toDay(year, month, day) };
}

const UNITS: Readonly<Record<string, string>> = {
  hari: "day",
  day: "day",
  days: "day",
  minggu: "week",
  week: "week",
  weeks: "week",
  bulan: "month",
  month: "month",
  months: "month",
  kuartal: "quarter",
  triwulan: "quarter",
  quarter: "quarter",
  quarters: "quarter",
  semester: "half",
  tahun: "year",
  year: "year",
  years: "year",
};

/** "this month", "bulan lalu", "3 months ago", "yesterday": one whole unit, so many before this one. */
function readUnit(words: string, today: Day): Period | null {
  if (words === "today" || words === "hari ini") return { from: today, to: today };
  if (words === "yesterday" || words === "kemarin") return unitBefore("day", 1, today);
  const english = /^(this|last|previous) (\w+)$/.exec(words);
  const indonesian = /^(\w+) (ini|lalu|kemarin)$/.exec(words);
  const ago = /^(\d{1,3}) (\w+) (?:ago|lalu|yang lalu)$/.exec(words);
  if (ago) return unitBefore(UNITS[ago[2] ?? ""], Number(ago[1]), today);
  if (english) return unitBefore(UNITS[english[2] ?? ""], english[1] === "this" ? 0 : 1, today);
  if (indonesian)
    return unitBefore(UNITS[indonesian[1] ?? ""], indonesian[2] === "ini" ? 0 : 1, today);
  return null;
}

function unitBefore(unit: string | undefined, before: number, today: Day): Period | null {
  const [year = 0, month = 1] = today.split("-").map(Number);
  if (unit === "day") return { from: addDays(today, -before), to: addDays(today, -before) };
  if (unit === "week") return weekOf(addDays(today, -7 * before));
  if (unit === "year")
    return { from: toDay(year - before, 1, 1), to: toDay(year - before, 12, 31) };
  const size = MONTHS_IN[unit ?? ""];
  return size === undefined
    ? null
    : months(year, month - ((month - 1) % size) - size * before, size);
}

const MONTHS_IN: Readonly<Record<string, number>> = { month: 1, quarter: 3, half: 6 };

/** So many months from one on; a month below 1 is one of an earlier year. */
function months(year: number, month: number, count: number): Period {
  const first = addMonths(toDay(year, 1, 1), month - 1);
  return { from: first, to: addDays(addMonths(first, count), -1) };
}

/** From Monday. */
function weekOf(day: Day): Period {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  const from = addDays(day, -weekday);
  return { from, to: addDays(from, 6) };
}

/** "januari 2026"; without a year the latest one that has begun. */
function readMonthName(words: string, today: Day): Period | null {
  const match = /^([a-z]+)(?: (\d{4}))?$/.exec(words);
  const month = MONTHS.findIndex((name) => new RegExp(`^(?:${name})$`).test(match?.[1] ?? "")) + 1;
  if (!match || month === 0) return null;
  const [year = 0, current = 1] = today.split("-").map(Number);
  return monthOf(match[2] ? Number(match[2]) : month <= current ? year : year - 1, month);
}

/** "last 30 days", "3 bulan terakhir": up to today; "12 whole months": this one and those before it. */
function readLast(words: string, today: Day): Period | null {
  const whole = /^(\d{1,3}) whole months$/.exec(words);
  if (whole) {
    const [year = 0, month = 1] = today.split("-").map(Number);
    return months(year, month - Number(whole[1]) + 1, Number(whole[1]));
  }
  const english = /^(?:last|past) (\d{1,4}) (\w+)$/.exec(words);
  const indonesian = /^(\d{1,4}) (\w+) terakhir$/.exec(words);
  const count = Number(english?.[1] ?? indonesian?.[1] ?? 0);
  const unit = UNITS[english?.[2] ?? indonesian?.[2] ?? ""];
  if (count === 0 || unit === undefined) return null;
  if (unit === "day") return { from: addDays(today, 1 - count), to: today };
  if (unit === "week") return { from: addDays(today, 1 - 7 * count), to: today };
  const perUnit = { month: 1, quarter: 3, half: 6, year: 12 }[unit] ?? 1;
  return { from: addDays(addMonths(today, -perUnit * count), 1), to: today };
}

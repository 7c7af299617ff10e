import type { RepeatUnit } from "../calendar.ts";

export interface SaidRepeat {
  readonly every: number;
  readonly unit: RepeatUnit;
  /** Monday is 1. */
  readonly weekdays: readonly number[];
  /** What is left of the words: the time. */
  readonly rest: string;
}

/** Per unit and weekday the words of all four languages: English, German, French, Indonesian. */
const UNITS: Readonly<Record<RepeatUnit, string>> = {
  minute: "minutes?|minuten?|menit",
  hour: "hours?|stunden?|heures?|jam",
  day: "days?|tage?n?|jours?|hari",
  week: "weeks?|wochen?|semaines?|minggu",
  month: "months?|monate?|mois|bulan",
  year: "years?|jahre?|ans?|années?|tahun",
};
const WEEKDAYS: readonly string[] = [
  "mondays?|montags?|lundis?|senin",
  "tuesdays?|dienstags?|mardis?|selasa",
  "wednesdays?|mittwochs?|mercredis?|rabu",
  "thursdays?|donnerstags?|jeudis?|kamis",
  "fridays?|freitags?|vendredis?|jumat|jum'at",
  "saturdays?|samstags?|sonnabends?|samedis?|sabtu",
  "sundays?|sonntags?|dimanches?|ahad",
];
const ADVERBS: Readonly<Record<RepeatUnit, string>> = {
  minute: "minutely|minütlich",
  hour: "hourly|stündlich",
  day: "daily|täglich|quotidiennement|tous les jours|chaque jour|setiap hari|tiap hari",
  week: "weekly|wöchentlich|hebdomadairement",
  month: "monthly|monatlich|mensuellement",
  year: "yearly|annually|jährlich|annuellement",
};
const WORKDAYS =
  "every (?:weekday|workday)|weekdays|on weekdays|werktags|jeden werktag|en semaine|hari kerja";
const EVERY = "every|each|jede[nrs]?|alle|chaque|tous les|toutes les|setiap|tiap";
const OTHER = "other|second|zweiten?|zweite[rs]?|deux|2";
const AND = "(?:\\s*,\\s*|\\s+(?:and|und|et|dan)\\s+)(?:(?:every|jeden|on)\\s+)?";

// \b knows ASCII only, and these words end in é and begin with ü.
const bounded = (pattern: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\d])(?:${pattern})(?![\\p{L}\\d])`, "iu");

const anyDay = WEEKDAYS.join("|");
const DAY_LIST = bounded(
  `(?:${EVERY})\\s+(?:(${OTHER})\\s+)?((?:${anyDay})(?:${AND}(?:${anyDay}))*)`,
);

/** The repeat within the words; null when there is none. */
export function readRepeat(words: string): SaidRepeat | null {
  const workdays = bounded(WORKDAYS).exec(words);
  if (workdays)
    return { every: 1, unit: "week", weekdays: [1, 2, 3, 4, 5], rest: without(words, workdays) };
  const days = DAY_LIST.exec(words);
  if (days) {
    const weekdays = WEEKDAYS.flatMap((names, index) =>
      bounded(names).test(days[2] ?? "") ? [index + 1] : [],
    );
    return {
      every: days[1] === undefined ? 1 : 2,
      unit: "week",
      weekdays,
      rest: without(words, days),
    };
  }
  for (const unit of Object.keys(UNITS) as RepeatUnit[]) {
    const adverb = bounded(ADVERBS[unit]).exec(words);
    if (adverb) return { every: 1, unit, weekdays: [], rest: without(words, adverb) };
    const said = bounded(`(?:${EVERY})\\s+(?:(\\d{1,3}|${OTHER})\\s+)?(?:${UNITS[unit]})`).exec(
      words,
    );
    if (!said) continue;
    const count = said[1] ?? "1";
    const every = /^\d+$/.test(count) ? Number(count) : 2;
    return every < 1 ? null : { every, unit, weekdays: [], rest: without(words, said) };
  }
  return null;
}

const without = (words: string, { 0: match, index }: RegExpExecArray): string =>
  `${words.slice(0, index)} ${words.slice(index + match.length)}`.replace(/\s+/g, " ").trim();

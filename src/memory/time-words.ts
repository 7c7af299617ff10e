const DAY_MS = 86_400_000;
const MONTHS =
  "january february march april may june july august september october november december".split(
    " ",
  );
const WEEKDAYS = "sunday monday tuesday wednesday thursday friday saturday".split(" ");
const NUMBERS = "zero one two three four five six seven eight nine ten".split(" ");

/** As a date is written, so that a question with a date finds what was said on it: `8 may 2023`. */
export const dateText = (at: Date): string =>
  `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;

export interface TimeSpan {
  readonly from: Date;
  readonly to: Date;
}

/** The time that a question speaks of, in UTC, for example "last week" or "in March"; null when it names none. */
export function timeSpanIn(question: string, now: Date): TimeSpan | null {
  const text = question.toLowerCase();
  for (const [pattern, toSpan] of FORMS) {
    const found = pattern.exec(text);
    if (found) return toSpan(found, startOfDay(now));
  }
  return null;
}

type ToSpan = (found: RegExpExecArray, today: Date) => TimeSpan;

const FORMS: readonly (readonly [RegExp, ToSpan])[] = [
  [/\b(\d{4})-(\d\d)-(\d\d)\b/, ([, y, m, d]) => days(utc(Number(y), Number(m) - 1, Number(d)), 1)],
  [
    new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? (${MONTHS.join("|")}),? (\\d{4})\\b`),
    ([, d, m = "", y]) => days(utc(Number(y), MONTHS.indexOf(m), Number(d)), 1),
  ],
  [
    new RegExp(`\\b(${MONTHS.join("|")}) (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})\\b`),
    ([, m = "", d, y]) => days(utc(Number(y), MONTHS.indexOf(m), Number(d)), 1),
  ],
  [
    new RegExp(`\\b(?:in|of|during|since) (${MONTHS.join("|")})(?:,? (\\d{4}))?\\b`),
    ([, m = "", y], today) => month(y === undefined ? null : Number(y), MONTHS.indexOf(m), today),
  ],
  [/\byesterday\b/, (_, today) => days(back(today, 1), 1)],
  [/\btoday\b/, (_, today) => days(today, 1)],
  [/\blast week\b/, (_, today) => days(back(monday(today), 7), 7)],
  [/\bthis week\b/, (_, today) => days(monday(today), 7)],
  [
    /\blast month\b/,
    (_, today) =>
      month(null, today.getUTCMonth() - 1, utc(today.getUTCFullYear(), today.getUTCMonth(), 1)),
  ],
  [/\bthis month\b/, (_, today) => month(today.getUTCFullYear(), today.getUTCMonth(), today)],
  [/\blast year\b/, (_, today) => year(today.getUTCFullYear() - 1)],
  [
    new RegExp(`\\b(\\d{1,2}|${NUMBERS.join("|")}|a|an) (day|week|month)s? ago\\b`),
    ([, n = "", unit = ""], today) => ago(toNumber(n), unit, today),
  ],
  [
    new RegExp(`\\b(?:last|on) (${WEEKDAYS.join("|")})\\b`),
    ([, name = ""], today) => {
      const since = (today.getUTCDay() - WEEKDAYS.indexOf(name) + 7) % 7 || 7;
      return days(back(today, since), 1);
    },
  ],
  [/\b(?:in|during) (20\d\d)\b/, ([, y]) => year(Number(y))],
];

const utc = (y: number, m: number, d: number): Date => new Date(Date.UTC(y, m, d));
const startOfDay = (at: Date): Date => utc(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
const back = (at: Date, count: number): Date => new Date(at.getTime() - count * DAY_MS);
const days = (from: Date, count: number): TimeSpan => ({ from, to: back(from, -count) });
const monday = (today: Date): Date => back(today, (today.getUTCDay() + 6) % 7);
const year = (y: number): TimeSpan => ({ from: utc(y, 0, 1), to: utc(y + 1, 0, 1) });

/** Without a year, the last one that has begun. */
function month(y: number | null, m: number, today: Date): TimeSpan {
  const isAhead = y === null && m > today.getUTCMonth();
  const of = y ?? today.getUTCFullYear() - (isAhead ? 1 : 0);
  return { from: utc(of, m, 1), to: utc(of, m + 1, 1) };
}

const toNumber = (text: string): number => {
  const index = NUMBERS.indexOf(text);
  if (index !== -1) return index;
  return text === "a" || text === "an" ? 1 : Number(text);
};

/** The further back, the less exactly people mean it. */
function ago(count: number, unit: string, today: Date): TimeSpan {
  if (unit === "day") return days(back(today, count), 1);
  const length = unit === "week" ? 7 : 30;
  return days(back(today, count * length + Math.floor(length / 2)), length);
}

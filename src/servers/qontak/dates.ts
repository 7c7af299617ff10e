const DAY =
  /^(?:(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})|(?<day2>\d{2})[-/](?<month2>\d{2})[-/](?<year2>\d{4}))$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?\s?(Z|[+-]\d{2}:?\d{2})?$/i;

/** YYYY-MM-DD of what Qontak takes as a day: YYYY-MM-DD, dd-mm-yyyy, dd/mm/yyyy; null for no day of the calendar. */
export function dayOf(text: string): string | null {
  const groups = DAY.exec(text)?.groups;
  if (!groups) return null;
  const { year = groups["year2"], month = groups["month2"], day = groups["day2"] } = groups;
  const iso = `${year}-${month}-${day}`;
  const read = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(iso) ? iso : null;
}

/** The day of a day with or without a time; null for neither. */
export function momentOf(text: string): string | null {
  const [day = "", time] = text.split(/[ T](.*)/s);
  if (time !== undefined && !TIME.test(time.trim())) return null;
  return dayOf(day);
}

/** dd-mm-yyyy of a day in any of its ways. */
export const toDayFirst = (text: string): string =>
  (dayOf(text) ?? text).split("-").toReversed().join("-");

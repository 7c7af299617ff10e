/** How a number of a workbook is meant: by the format that its cell has. */
export type NumberKind = "plain" | "percent" | "date" | "time" | "date-time" | "duration";

const DAY_MS = 86_400_000;
/** Numbers of formats that every workbook has without defining them: ECMA-376, part 1, 18.8.30. */
const BUILT_IN: Readonly<Record<number, NumberKind>> = {
  9: "percent",
  10: "percent",
  ...kinds("date", [14, 15, 16, 17, ...range(27, 31), 36, ...range(50, 54), 57, 58]),
  ...kinds("time", [18, 19, 20, 21, ...range(32, 35), 45, 47, 55, 56]),
  22: "date-time",
  46: "duration",
};

/** `code`: the workbook's own words for the format, null when it has none. */
export function numberKind(id: number, code: string | null): NumberKind {
  if (code === null) return BUILT_IN[id] ?? "plain";
  const [first = ""] = code.split(";");
  if (/\[[hms]+\]/i.test(first)) return "duration";
  const letters = first.replace(/"[^"]*"|\\.|[_*].|\[[^\]]*\]/g, "");
  if (letters.includes("%")) return "percent";
  if (/general/i.test(letters)) return "plain";
  const hasDate = /[yd]/i.test(letters) || (/m/i.test(letters) && !/[hs]/i.test(letters));
  const hasTime = /[hs]/i.test(letters);
  if (hasDate) return hasTime ? "date-time" : "date";
  return hasTime ? "time" : "plain";
}

/** The value as a person would read it; what is no number stays as it is. */
export function showNumber(raw: string, kind: NumberKind, is1904: boolean): string {
  const value = Number(raw);
  if (raw.trim() === "" || !Number.isFinite(value)) return raw;
  switch (kind) {
    case "plain":
      return String(rounded(value));
    case "percent":
      return `${rounded(value * 100)}%`;
    case "duration":
      return duration(value);
    case "date":
    case "time":
    case "date-time":
      return moment(value, kind, is1904);
  }
}

/** Programs compute with 15 digits and store 17. */
const rounded = (value: number): number => Number(value.toPrecision(15));

function moment(serial: number, kind: "date" | "time" | "date-time", is1904: boolean): string {
  // In the older count the year 1900 has a 29th of February, which shifts the days before it.
  const base = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < 60 ? 31 : 30);
  const date = new Date(base + Math.round((serial * DAY_MS) / 1_000) * 1_000);
  if (Number.isNaN(date.getTime()) || serial < 0) return String(serial);
  const iso = date.toISOString();
  const [day, time] = [iso.slice(0, 10), iso.slice(11, 19)];
  if (kind === "time") return time;
  return kind === "date" || time === "00:00:00" ? day : `${day} ${time}`;
}

function duration(days: number): string {
  const seconds = Math.round(days * 86_400);
  const pad = (each: number) => String(each).padStart(2, "0");
  return `${Math.floor(seconds / 3_600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function kinds(kind: NumberKind, ids: readonly number[]): Readonly<Record<number, NumberKind>> {
  return Object.fromEntries(ids.map((id) => [id, kind]));
}

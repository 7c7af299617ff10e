import fc from "fast-check";
import { expect, test } from "vitest";
import { readPeriod } from "./dates.ts";

/** In Jakarta it is Tuesday, the 31st of March. */
const NOW = new Date("2026-03-30T18:00:00Z");
const read = (phrase: string) => {
  const { from, to } = readPeriod(phrase, NOW, "Asia/Jakarta");
  return `${from} ${to}`;
};

test.each([
  ["today", "2026-03-31 2026-03-31"],
  ["hari ini", "2026-03-31 2026-03-31"],
  ["kemarin", "2026-03-30 2026-03-30"],
  ["this_week", "2026-03-30 2026-04-05"],
  ["minggu lalu", "2026-03-23 2026-03-29"],
  ["this_month", "2026-03-01 2026-03-31"],
  ["Last Month", "2026-02-01 2026-02-28"],
  ["bulan lalu", "2026-02-01 2026-02-28"],
  ["3 bulan lalu", "2025-12-01 2025-12-31"],
  ["3 months ago", "2025-12-01 2025-12-31"],
  ["this_quarter", "2026-01-01 2026-03-31"],
  ["kuartal lalu", "2025-10-01 2025-12-31"],
  ["semester ini", "2026-01-01 2026-06-30"],
  ["semester lalu", "2025-07-01 2025-12-31"],
  ["tahun ini", "2026-01-01 2026-12-31"],
  ["last_year", "2025-01-01 2025-12-31"],
  ["2024", "2024-01-01 2024-12-31"],
  ["2024-02", "2024-02-01 2024-02-29"],
  ["2026-03-15", "2026-03-15 2026-03-15"],
  ["2026-01 to 2026-02", "2026-01-01 2026-02-28"],
  ["2026-01-05 sampai 2026-01-09", "2026-01-05 2026-01-09"],
  ["januari 2025", "2025-01-01 2025-01-31"],
  ["Agustus", "2025-08-01 2025-08-31"],
  ["march", "2026-03-01 2026-03-31"],
  ["last 30 days", "2026-03-02 2026-03-31"],
  ["3 bulan terakhir", "2026-01-01 2026-03-31"],
  ["12 whole months", "2025-04-01 2026-03-31"],
])("%s is %s", (phrase, expected) => {
  expect(read(phrase)).toBe(expected);
});

test("the day is that of the company's zone, not of the machine", () => {
  expect(readPeriod("today", NOW, "UTC").from).toBe("2026-03-30");
});

test.each(["2026-02-30", "2026-13", "soon", "last", "bulan", "0000-01-01", "999 eons ago"])(
  "%s is told to be none, with what would do",
  (phrase) => {
    expect(() => read(phrase)).toThrow("is no time that we know");
  },
);

test("no words make it give days that do not exist, or an end before the beginning of one phrase", () => {
  const words = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc
      .array(
        fc.constantFrom(
          "last",
          "this",
          "3",
          "12",
          "months",
          "ago",
          "bulan",
          "lalu",
          "ini",
          "year",
          "2026",
          "kuartal",
        ),
        { maxLength: 4 },
      )
      .map((parts) => parts.join(" ")),
  );
  fc.assert(
    fc.property(words, (phrase) => {
      const period = readOrNull(phrase);
      if (period === null) return;
      expect(new Date(period.from).toISOString().slice(0, 10)).toBe(period.from);
      expect(new Date(period.to).toISOString().slice(0, 10)).toBe(period.to);
    }),
  );
});

function readOrNull(phrase: string) {
  try {
    return readPeriod(phrase, NOW, "Asia/Jakarta");
  } catch {
    return null; // Refused, as most of these are.
  }
}

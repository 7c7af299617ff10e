import fc from "fast-check";
import { expect, test } from "vitest";
import { dayOf, momentOf } from "./dates.ts";

test.each([
  ["2026-11-30", "2026-11-30"],
  ["30-11-2026", "2026-11-30"],
  ["30/11/2026", "2026-11-30"],
  ["2024-02-29", "2024-02-29"],
  ["2026-02-29", null],
  ["31-04-2026", null],
  ["2026-1-1", null],
  ["11/30/2026", null],
  ["tomorrow", null],
  ["2026-11-30x", null],
])("dayOf(%j) is %j", (text, day) => {
  expect(dayOf(text)).toBe(day);
});

test.each([
  ["2026-11-30 09:30:00", "2026-11-30"],
  ["2026-11-30T09:30:00Z", "2026-11-30"],
  ["2026-11-30T09:30:00.123+07:00", "2026-11-30"],
  ["30-11-2026 09:30", "2026-11-30"],
  ["2026-11-30", "2026-11-30"],
  ["2026-11-30 25:00:00", null],
  ["2026-11-30 noon", null],
  ["09:30", null],
])("momentOf(%j) is of the day %j", (text, day) => {
  expect(momentOf(text)).toBe(day);
});

test("every day of the calendar is read in each of its three ways", () => {
  const days = fc.date({
    min: new Date("1900-01-01"),
    max: new Date("2100-01-01"),
    noInvalidDate: true,
  });

  fc.assert(
    fc.property(days, (date) => {
      const iso = date.toISOString().slice(0, 10);
      const [year, month, day] = iso.split("-");

      expect([iso, `${day}-${month}-${year}`, `${day}/${month}/${year}`].map(dayOf)).toEqual([
        iso,
        iso,
        iso,
      ]);
    }),
  );
});

import { expect, test } from "vitest";
import { dateText, timeSpanIn } from "./time-words.ts";

/** A Wednesday. */
const now = new Date("2026-11-25T15:00:00Z");

const spanOf = (question: string) => {
  const span = timeSpanIn(question, now);
  return span && [span.from, span.to].map((at) => at.toISOString().slice(0, 10));
};

test.each([
  ["What did I say yesterday?", "2026-11-24", "2026-11-25"],
  ["what did we do last week", "2026-11-16", "2026-11-23"],
  ["What happened this month?", "2026-11-01", "2026-12-01"],
  ["and last month?", "2026-10-01", "2026-11-01"],
  ["Where was I in March?", "2026-03-01", "2026-04-01"],
  ["Where was I in December?", "2025-12-01", "2026-01-01"],
  ["in March 2023", "2023-03-01", "2023-04-01"],
  ["What did Ana do on 8 May, 2023?", "2023-05-08", "2023-05-09"],
  ["on May 8th 2023", "2023-05-08", "2023-05-09"],
  ["on 2023-05-08", "2023-05-08", "2023-05-09"],
  ["three days ago", "2026-11-22", "2026-11-23"],
  ["two weeks ago", "2026-11-08", "2026-11-15"],
  ["last Monday", "2026-11-23", "2026-11-24"],
  ["on Wednesday", "2026-11-18", "2026-11-19"],
  ["last year", "2025-01-01", "2026-01-01"],
  ["in 2024", "2024-01-01", "2025-01-01"],
])("timeSpanIn() reads: %s", (question, from, to) => {
  expect(spanOf(question)).toEqual([from, to]);
});

test("timeSpanIn() knows January's last month", () => {
  const span = timeSpanIn("last month", new Date("2026-01-15T00:00:00Z"));

  expect(span?.from.toISOString().slice(0, 10)).toBe("2025-12-01");
});

test.each(["", "May I ask something?", "the last one", "30 cats"])(
  "timeSpanIn() finds no time in: %s",
  (question) => {
    expect(spanOf(question)).toBeNull();
  },
);

test("dateText() is a date as people write it", () => {
  expect(dateText(now)).toBe("25 november 2026");
});

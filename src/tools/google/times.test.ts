import { expect, test } from "vitest";
import { moment, toEventTime, toInstant } from "./times.ts";

const ZONE = "Europe/Berlin";

test.each([
  ["2026-03-01", "2026-02-28T23:00:00Z"],
  ["2026-03-01T15:00", "2026-03-01T14:00:00Z"],
  ["2026-03-01T15:00:00Z", "2026-03-01T15:00:00Z"],
  ["2026-03-01T15:00:00+01:00", "2026-03-01T14:00:00Z"],
  ["2026-03-01T15:00+0100", "2026-03-01T14:00:00Z"],
  ["2026-03-01T15Z", "2026-03-01T15:00:00Z"],
  ["20260301T150000Z", "2026-03-01T15:00:00Z"],
  ["2026-03-01 15:00:00.123456789-05:00", "2026-03-01T20:00:00.123456789Z"],
])("%s is a moment, and %s for Google", (text, instant) => {
  expect(moment.safeParse(text).success).toBe(true);
  expect(toInstant(text, ZONE)).toBe(instant);
});

test.each([
  "soon",
  "2026-02-30",
  "2026-03-01T25:00",
  "2026-03-01T15:00+99:99",
  "2026-03-01T15:00-2500",
  "2026-03-01Z",
  "+275760-09-13T00:00:01Z",
  "-271821-04-20",
])("%s is none", (text) => {
  expect(moment.safeParse(text).success).toBe(false);
});

test("an event keeps its offset, and a day is a day", () => {
  expect(toEventTime("20260301T1500+0100", ZONE)).toMatchObject({
    dateTime: "2026-03-01T15:00:00+0100",
  });
  expect(toEventTime("2026-03-01", ZONE)).toMatchObject({ date: "2026-03-01", dateTime: null });
});

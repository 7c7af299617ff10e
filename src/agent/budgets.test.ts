import { expect, test } from "vitest";
import { dayOf } from "./budgets.ts";

test("dayOf() begins at midnight in the operator's time zone", () => {
  const { since, resetsAt } = dayOf(new Date("2026-11-24T03:00:00Z"), "America/New_York");

  expect(since.toISOString()).toBe("2026-11-23T05:00:00.000Z");
  expect(resetsAt.toISOString()).toBe("2026-11-24T05:00:00.000Z");
});

test("dayOf() knows that a day in spring has 23 hours", () => {
  const { since, resetsAt } = dayOf(new Date("2026-03-29T10:00:00Z"), "Europe/Berlin");

  expect(since.toISOString()).toBe("2026-03-28T23:00:00.000Z");
  expect(resetsAt.toISOString()).toBe("2026-03-29T22:00:00.000Z");
});

test("dayOf() at midnight itself is the new day", () => {
  const { since } = dayOf(new Date("2026-11-24T00:00:00Z"), "UTC");

  expect(since.toISOString()).toBe("2026-11-24T00:00:00.000Z");
});

import { expect, test } from "vitest";
import { notApplied } from "./not-applied.ts";

test("what was sent, did not arrive and is as it was is named", () => {
  const found = notApplied({ size: 5, name: "b" }, { size: 3, name: "a" }, { size: 3, name: "b" });

  expect(found).toEqual(["size"]);
});

test.each([
  { sent: 84_000_000, now: "84000000.0" },
  { sent: "30-11-2026", now: "2026-11-30" },
  { sent: "2026-11-30 09:00:00", now: "2026-11-30T09:00:00.000+07:00" },
  { sent: [2, 1], now: [1, 2] },
  { sent: 7, now: [7] },
  { sent: "", now: null },
])("$sent is there when Qontak shows $now", ({ sent, now }) => {
  expect(notApplied({ field: sent }, { field: now }, { field: now })).toEqual([]);
});

test("what Qontak made something else of is no longer as it was, and so is not named", () => {
  expect(notApplied({ name: " b " }, { name: "a" }, { name: "B" })).toEqual([]);
});

test("a field that Qontak does not show cannot be known", () => {
  expect(notApplied({ detail: "x" }, {}, {})).toEqual([]);
});

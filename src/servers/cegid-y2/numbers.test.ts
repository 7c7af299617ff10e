import fc from "fast-check";
import { expect, test } from "vitest";
import { daysOf, monthFrom } from "./days.ts";
import { amountIn, times, toText, toUnits } from "./decimal.ts";

test("a decimal keeps every digit, and at least two places", () => {
  expect(
    ["199.000000", "0.1", "-12.345", "+7", "15.", "0"].map((text) => toText(toUnits(text))),
  ).toEqual(["199.00", "0.10", "-12.345", "7.00", "15.00", "0.00"]);
});

test("sums of what floating point cannot add are exact", () => {
  const sum = Array.from({ length: 10 }, () => toUnits("0.1")).reduce(
    (one, other) => one + other,
    0n,
  );

  expect(toText(sum)).toBe("1.00");
  expect(toText(times(toUnits("3"), toUnits("19.99")))).toBe("59.97");
});

test("any amount of cents goes in and comes out the same", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), (cents) => {
      const text = toText(BigInt(cents) * 1_000_000n);

      expect(Math.round(Number(text) * 100)).toBe(cents);
      expect(toUnits(text)).toBe(BigInt(cents) * 1_000_000n);
    }),
  );
});

test.each(["1e5", "1,5", "", "x", "1.234567890", "NaN", "--1", "1234567890123456"])(
  "%j is no amount",
  (given) => {
    expect(amountIn.safeParse(given).success).toBe(false);
    expect(() => toUnits(given)).toThrow("a number that is none");
  },
);

test("numbers are written without an exponent", () => {
  expect([29.9, 1e-7, 100, -3.5].map((given) => amountIn.parse(given))).toEqual([
    "29.9",
    "0.0000001",
    "100",
    "-3.5",
  ]);
  expect(amountIn.safeParse(Number.NaN).success).toBe(false);
  expect(amountIn.safeParse(1e300).success).toBe(false);
});

test("a month has its own last day, and months follow each other over the year's end", () => {
  expect(daysOf("2028-02")).toEqual({ from: "2028-02-01", to: "2028-02-29" });
  expect(daysOf("2026-12").to).toBe("2026-12-31");
  expect([monthFrom("2026-01", -1), monthFrom("2026-12", 1), monthFrom("2026-11", -24)]).toEqual([
    "2025-12",
    "2027-01",
    "2024-11",
  ]);
});

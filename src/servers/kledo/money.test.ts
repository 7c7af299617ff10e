import fc from "fast-check";
import { expect, test } from "vitest";
import { atRate, percent, sum, toDecimal, toMoney, toRupiah } from "./money.ts";

test.each([
  ["943800", 94_380_000n],
  [943_800.5, 94_380_050n],
  ["0.00000", 0n],
  ["-12.34", -1_234n],
  ["0.125", 13n],
  ["0.124999", 12n],
  ["-0.125", -13n],
  [1e-7, 0n],
  ["90071992547409910.01", 9_007_199_254_740_991_001n],
])("%s is exact in sen", (value, expected) => {
  expect(toMoney(value)).toBe(expected);
});

test.each(["", "1.000.000", "12,5", "1e5", "NaN", "Rp 5", Number.NaN, Infinity])(
  "%s is no amount",
  (value) => {
    expect(toMoney(value)).toBeNull();
  },
);

test("is written as Indonesia does for people, and as decimals for programs", () => {
  expect([toRupiah(94_380_000n), toRupiah(-125_050n), toRupiah(5n)]).toEqual([
    "Rp 943.800",
    "-Rp 1.250,50",
    "Rp 0,05",
  ]);
  expect([toDecimal(94_380_050n), toDecimal(-5n)]).toEqual(["943800.50", "-0.05"]);
});

test("sums lose nothing, where floating-point numbers would", () => {
  const amounts = [toMoney("0.10"), toMoney("0.20"), toMoney("90071992547409910.01")];

  expect(toDecimal(sum(amounts.map((each) => each ?? 0n)))).toBe("90071992547409910.31");
});

test("a foreign amount is worth its rate, to the nearest sen", () => {
  expect(atRate(10_033n, "15500.25")).toBe(155_514_008n);
  expect(atRate(10_033n, "1")).toBe(10_033n);
  expect(atRate(-1n, "0.5")).toBe(-1n);
});

test("percent has one decimal, and is 0 of nothing", () => {
  expect([percent(1n, 3n), percent(2n, 3n), percent(-1n, 3n), percent(1n, 0n)]).toEqual([
    33.3, 66.7, -33.3, 0,
  ]);
});

test("whatever is written as decimals is read back as it was", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), (money) => {
      expect(toMoney(toDecimal(money))).toBe(money);
    }),
  );
});

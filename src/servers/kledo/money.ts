import { z } from "zod";

/** Of the rupiah: sen. Kledo's amounts have up to five decimals; what is below a sen is rounded. */
const DECIMALS = 2;
const UNIT = 10n ** BigInt(DECIMALS);

/** In sen. Sums of these are exact, however many and however large. */
export type Money = bigint;

/** "943800", 943800.5 or "0.00000" in sen, rounded to the nearest, halves away from zero; null for no number. */
export function toMoney(value: number | string): Money | null {
  const text = typeof value === "number" ? plainDigits(value) : value.trim();
  const match = /^([+-]?)(\d{1,40})(?:\.(\d{0,40}))?$/.exec(text);
  if (!match) return null;
  const [, sign, whole = "0", fraction = ""] = match;
  const kept = fraction.slice(0, DECIMALS).padEnd(DECIMALS, "0");
  const isHalf = Number(fraction[DECIMALS] ?? "0") >= 5;
  const size = BigInt(whole) * UNIT + BigInt(kept) + (isHalf ? 1n : 0n);
  return sign === "-" ? -size : size;
}

/** Without an exponent. */
const plainDigits = (value: number): string =>
  Number.isFinite(value) && Math.abs(value) < 1e21 && Math.abs(value) >= 1e-6
    ? String(value)
    : Number.isFinite(value)
      ? value.toFixed(DECIMALS)
      : "";

/** For programs: "943800.00". */
export function toDecimal(money: Money): string {
  const size = money < 0n ? -money : money;
  const fraction = String(size % UNIT).padStart(DECIMALS, "0");
  return `${money < 0n ? "-" : ""}${size / UNIT}.${fraction}`;
}

/** For people, as Indonesia writes it: "Rp 943.800", "-Rp 1.250,50". */
export function toRupiah(money: Money): string {
  const size = money < 0n ? -money : money;
  const whole = String(size / UNIT).replace(/\B(?=(?:\d{3})+$)/g, ".");
  const fraction = size % UNIT;
  const cents = fraction === 0n ? "" : `,${String(fraction).padStart(DECIMALS, "0")}`;
  return `${money < 0n ? "-" : ""}Rp ${whole}${cents}`;
}

export const sum = (amounts: readonly Money[]): Money =>
  amounts.reduce((total, amount) => total + amount, 0n);

/** Part of a whole in percent with one decimal, rounded to the nearest; 0 of nothing. */
export function percent(part: Money, whole: Money): number {
  if (whole === 0n) return 0;
  const thousandths = (part * 2000n) / whole;
  const rounded = (thousandths + (thousandths < 0n ? -1n : 1n)) / 2n;
  return Number(rounded) / 10;
}

/** In another currency: what it is worth in the books' own. A rate is a decimal number such as 15500.25. */
export function atRate(money: Money, rate: string): Money {
  const match = /^(\d{1,20})(?:\.(\d{0,20}))?$/.exec(rate);
  const fraction = match?.[2] ?? "";
  const scale = 10n ** BigInt(fraction.length);
  const times = match ? BigInt(`${match[1]}${fraction}`) : scale;
  if (times === 0n || times === scale) return money;
  const doubled = money * times * 2n;
  return (doubled + (doubled < 0n ? -scale : scale)) / (scale * 2n);
}

const numeric = z.union([z.number(), z.string()]);

/** An amount as Kledo sends it, a number or a decimal text; null where it sends none. */
export const amountOrNone = numeric.nullish().transform((value, context): Money | null => {
  if (value === null || value === undefined || value === "") return null;
  const money = toMoney(value);
  if (money !== null) return money;
  context.addIssue({ code: "custom", message: "is no amount" });
  return z.NEVER;
});

/** The same, where nothing is zero. */
export const amount = amountOrNone.transform((money): Money => money ?? 0n);

export const moneyOut = z
  .string()
  .regex(/^-?\d+\.\d{2}$/)
  .describe("Rupiah, exact, such as 1500000.00");

import { z } from "zod";
import { Failure } from "../kit/failure.ts";

/** Y2 counts money and goods in decimals of at most so many places. */
const PLACES = 8;
const DECIMAL = /^[+-]?\d{1,15}(\.\d{0,8})?$/;
const FORM = /^-?\d{1,15}(\.\d{1,8})?$/;

/** An exact number: so many hundred-millionths. */
export type Units = bigint;

/** Of Y2's own answers. Throws SCHEMA_MISMATCH. */
export function toUnits(text: string): Units {
  const words = text.trim();
  if (!DECIMAL.test(words))
    throw new Failure("SCHEMA_MISMATCH", "Cegid Y2 answered with a number that is none.");
  const [whole = "0", places = ""] = words.replace(/^[+-]/, "").split(".");
  const units = BigInt(whole) * 10n ** BigInt(PLACES) + BigInt(places.padEnd(PLACES, "0"));
  return words.startsWith("-") ? -units : units;
}

/** "12.50": at least two places, and no more than it has. */
export function toText(units: Units): string {
  const digits = (units < 0n ? -units : units).toString().padStart(PLACES + 1, "0");
  const places = digits.slice(-PLACES).replace(/0+$/, "").padEnd(2, "0");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -PLACES)}.${places}`;
}

/** Exact: 3 pieces at 19.99. What lies beyond the eighth place is cut off. */
export const times = (one: Units, other: Units): Units => (one * other) / 10n ** BigInt(PLACES);

/** As a tool gives it out. */
export const amountOut = z.string().describe("An exact decimal number, such as 129.90");

/** As a tool takes it: a number, or a text where every digit counts. Becomes a plain decimal text. */
export const amountIn = z
  .union([z.number(), z.string().trim().max(30)])
  .transform((given, context) => {
    const words = typeof given === "number" ? plain(given) : given;
    if (FORM.test(words)) return words;
    context.addIssue({ code: "custom", message: "has to be a decimal number such as 129.90" });
    return z.NEVER;
  });

/** Without an exponent. */
const plain = (number: number): string =>
  Number.isInteger(number) ? String(number) : number.toFixed(PLACES).replace(/0+$/, "");

import { z } from "zod";

/** YYYY-MM-DD, and a day that there is. */
export const dayIn = z.iso.date();
export const monthIn = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, "has to be a month such as 2026-03");

/** The day in the shops' zone. */
export const dayAt = (at: Date, zone: string): string =>
  new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(at);

export const monthAt = (at: Date, zone: string): string => dayAt(at, zone).slice(0, 7);

/** The month before or after, by so many. */
export function monthFrom(month: string, by: number): string {
  const [year = 0, index = 0] = month.split("-").map(Number);
  const whole = year * 12 + index - 1 + by;
  return `${String(Math.floor(whole / 12)).padStart(4, "0")}-${String((whole % 12) + 1).padStart(2, "0")}`;
}

/** First and last day. */
export function daysOf(month: string): { readonly from: string; readonly to: string } {
  const [year = 0, index = 0] = month.split("-").map(Number);
  const last = new Date(Date.UTC(2000, 0, 1));
  last.setUTCFullYear(year, index, 0);
  return { from: `${month}-01`, to: `${month}-${String(last.getUTCDate()).padStart(2, "0")}` };
}

/** Y2's own clock: times of the shop, without a zone. */
export const beginOf = (day: string): string => `${day}T00:00:00`;
export const endOf = (day: string): string => `${day}T23:59:59`;

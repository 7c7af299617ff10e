import { Temporal } from "temporal-polyfill";
import { z } from "zod";

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const WITH_OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/i;

/** With a year of four figures it is a moment in every zone, if it is one in any. */
const isReadable = (text: string): boolean => {
  try {
    return /^\d{4}/.test(text) && toInstant(text, "UTC") !== "";
  } catch {
    return false;
  }
};

/** A day, a local time, or a time with its offset from UTC. */
export const moment = z
  .string()
  .trim()
  .max(40)
  .refine(isReadable, "must be such as 2026-03-01, 2026-03-01T15:00 or 2026-03-01T15:00:00+01:00");

/** For Google's `timeMin` and `timeMax`, which want an offset. A day begins at its midnight. */
export function toInstant(text: string, zone: string): string {
  if (!DATE.test(text) && WITH_OFFSET.test(text)) return Temporal.Instant.from(text).toString();
  return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant().toString();
}

/** For the start or end of an event: a day is for all of it. The unused kind is cleared, for an event that had it. */
export function toEventTime(text: string, zone: string) {
  if (DATE.test(text)) return { date: text, dateTime: null, timeZone: null };
  const plain = Temporal.PlainDateTime.from(text.replace(WITH_OFFSET, "")).toString();
  const offset = WITH_OFFSET.exec(text)?.[0] ?? "";
  return { date: null, dateTime: `${plain}${offset}`, timeZone: zone };
}

import type { MailAccount } from "../core/mail.ts";
import { clockIn, isBetween } from "./conditions.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** An hour that a change of the clock leaves out, or gives twice, is at most this much. */
const SHIFTS = [0, -60, 60, -30, 30];

/** When an alert may be told: now, or when the owner's quiet hours end. */
export function alertDueAt({ quiet }: Pick<MailAccount, "quiet">, zone: string, now: Date): Date {
  if (quiet === null || quiet.from === quiet.to) return now;
  const { minutes } = clockIn(zone, now);
  return isBetween(minutes, quiet.from, quiet.to) ? nextAt(quiet.to, zone, now) : now;
}

/** When the next digest comes. */
export const digestDueAt = (
  { digestAt }: Pick<MailAccount, "digestAt">,
  zone: string,
  now: Date,
): Date => nextAt(digestAt, zone, now);

/** The next time that the clock there shows so many minutes since midnight, after `now`. */
export function nextAt(wanted: number, zone: string, now: Date): Date {
  const { minutes } = clockIn(zone, now);
  const ahead = (wanted - minutes + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  const start = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS;
  const guesses = SHIFTS.map((shift) => new Date(start + (ahead + shift) * MINUTE_MS)).filter(
    (guess) => guess > now,
  );
  const exact = guesses.find((guess) => clockIn(zone, guess).minutes === wanted);
  // Where the clock leaves that minute out, what it would have been without the change.
  return exact ?? new Date(start + ahead * MINUTE_MS);
}

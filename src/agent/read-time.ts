import type { Clock } from "../core/clock.ts";
import type { Scope } from "../core/principal.ts";
import { MIN_REPEAT_MINUTES } from "../core/reminders.ts";
import type { SettingsStore } from "../core/settings.ts";
import { describeRepeat, type Calendar, type Repeat } from "../lib/calendar.ts";

export interface WhenDeps {
  readonly settings: Pick<SettingsStore, "zone" | "setZone">;
  readonly clock: Clock;
  readonly calendar: () => Promise<Calendar>;
  /** For people who never said where they are. */
  readonly timeZone: string;
}

export type Read =
  | {
      readonly kind: "time";
      readonly at: Date;
      readonly repeat: Repeat | null;
      readonly zone: string;
    }
  | { readonly kind: "unclear"; readonly why: string };

/** The time in the person's own zone. A zone that is given is remembered. */
export async function readTime(
  { settings, clock, calendar, timeZone }: WhenDeps,
  scope: Scope,
  when: string,
  givenZone: string | undefined,
): Promise<Read> {
  if (givenZone !== undefined) await settings.setZone(scope, givenZone);
  const zone = givenZone ?? (await settings.zone(scope)) ?? timeZone;
  const read = (await calendar()).read(when, clock.now(), zone);
  if (read.kind === "unclear") return read;
  const { at, repeat } = read;
  if (repeat?.unit === "minute" && repeat.every < MIN_REPEAT_MINUTES)
    return { kind: "unclear", why: `At most every ${MIN_REPEAT_MINUTES} minutes, please.` };
  return { kind: "time", at, repeat, zone };
}

/** For people and models: "Monday, 30 March 2026 at 08:00 (Europe/Berlin), then every Monday". */
export function describeTime(at: Date, repeat: Repeat | null, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    dateStyle: "full",
    timeStyle: "short",
  });
  const then = repeat === null ? "" : `, then ${describeRepeat(repeat)}`;
  return `${format.format(at)} (${timeZone})${then}`;
}

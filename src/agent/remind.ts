import { createHash } from "node:crypto";
import type { Announcement, AnnouncementButton, Announcer } from "../core/announcer.ts";
import { MAX_KEY_CHARS } from "../core/announcer.ts";
import type { Clock } from "../core/clock.ts";
import type { Fault } from "../core/fault.ts";
import type { Log } from "../core/log.ts";
import type { Platform } from "../core/principal.ts";
import { REMINDER_LEASE_MS, type DueReminder, type ReminderQueue } from "../core/reminders.ts";
import { asError } from "../lib/as-error.ts";
import type { Calendar } from "../lib/calendar.ts";
import { reminderWords } from "./reminder-words.ts";

/** An attempt ends well before the lease does, so that nobody else is at it. */
const ATTEMPT_MS = REMINDER_LEASE_MS - 10_000;
const FIRST_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 60_000;
/** Missed times are counted so far. */
const MAX_MISSED = 1_000;

export interface RemindDeps {
  readonly queue: ReminderQueue;
  readonly announcers: ReadonlyMap<Platform, Announcer>;
  readonly clock: Clock;
  readonly fault: Fault;
  readonly log: Log;
  readonly calendar: () => Promise<Calendar>;
}

/** Says what is due, now. Gives how many that were. Whatever goes wrong with one is tried again later. */
export async function remindDue(
  deps: RemindDeps,
  limit: number,
  signal: AbortSignal,
): Promise<number> {
  const due = await deps.queue.take(deps.clock.now(), limit);
  if (due.length > 0) deps.fault("reminder.taken");
  await Promise.all(due.map((each) => remind(deps, each, signal)));
  return due.length;
}

async function remind(deps: RemindDeps, due: DueReminder, signal: AbortSignal): Promise<void> {
  const { queue, announcers, fault, log } = deps;
  const announcer = announcers.get(due.place.platform);
  const about = { reminderId: due.id, tries: due.tries };
  try {
    if (!announcer) return await later(deps, due);
    const coming = await comingAfter(deps, due);
    const announcement = toAnnouncement(deps, due, coming.missed);
    fault("reminder.send.before");
    const within = AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]);
    const announced = await announcer.announce(announcement, within);
    fault("reminder.said");
    if (announced.kind === "undeliverable") {
      log.warn({ ...about, reason: announced.reason }, "reminder-undeliverable");
      return await queue.giveUp(due);
    }
    await queue.settle(due, { ...announced, text: announcement.text }, coming.next);
    fault("reminder.settled");
    log.info(about, "reminder-said");
  } catch (error) {
    if (!signal.aborted) log.warn({ ...about, error: asError(error) }, "reminder-not-said");
    await (signal.aborted ? queue.release(due, 0) : later(deps, due)).catch(() => {}); // The lease ends by itself.
  }
}

const later = ({ queue }: RemindDeps, due: DueReminder): Promise<void> =>
  queue.release(due, Math.min(FIRST_PAUSE_MS * 2 ** Math.min(due.tries - 1, 10), MAX_PAUSE_MS));

interface Coming {
  /** Times of a repeat that went by unsaid, besides this one. */
  readonly missed: number;
  readonly next: { readonly dueAt: Date; readonly timesLeft: number } | null;
}

/** What was missed while nobody was there is said once; the repeat goes on with what is to come. */
async function comingAfter(
  { calendar, clock }: RemindDeps,
  { repeat, dueAt, timesLeft }: DueReminder,
): Promise<Coming> {
  if (repeat === null || timesLeft <= 1) return { missed: 0, next: null };
  const { nextAfter } = await calendar();
  const now = clock.now();
  let missed = 0;
  let next = nextAfter(repeat, dueAt);
  while (next <= now && missed < Math.min(timesLeft - 1, MAX_MISSED)) {
    missed++;
    next = nextAfter(repeat, next);
  }
  const left = timesLeft - 1 - missed;
  if (left <= 0) return { missed, next: null };
  return { missed, next: { dueAt: next > now ? next : nextAfter(repeat, now), timesLeft: left } };
}

function toAnnouncement({ clock }: RemindDeps, due: DueReminder, missed: number): Announcement {
  const lateMs = clock.now().getTime() - due.dueAt.getTime();
  return {
    key: keyOf("reminder", due.id, due.dueAt),
    place: due.place,
    to: due.to,
    owner: due.owner,
    text: reminderWords(due, { lateMs, missed }),
    rows: [reminderButtons(due)],
    ageMs: due.ageMs,
  };
}

/** What one can do with a reminder that was said. `leadsTo` is read by whoever hears the press. */
function reminderButtons({ id, dueAt, repeat }: DueReminder): readonly AnnouncementButton[] {
  const to = (what: string) => `${what}:${id}:${dueAt.getTime()}`;
  const buttons = [
    { label: "Done", emoji: "✅", leadsTo: to("done") },
    { label: "+10 min", leadsTo: to("ten") },
    { label: "Tomorrow", leadsTo: to("tomorrow") },
  ];
  return repeat === null
    ? [...buttons, { label: "Repeat", emoji: "🔁", leadsTo: to("repeat") }]
    : [...buttons, { label: "Stop repeating", leadsTo: to("end") }];
}

/** The same time of the same thing is said once. */
export const keyOf = (kind: string, id: number, dueAt: Date): string =>
  createHash("sha256")
    .update(JSON.stringify([kind, id, dueAt.getTime()]))
    .digest("base64url")
    .slice(0, MAX_KEY_CHARS);

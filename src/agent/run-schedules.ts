import type { Announcer } from "../core/announcer.ts";
import type { Clock } from "../core/clock.ts";
import type { Fault } from "../core/fault.ts";
import type { GuildAccess } from "../core/guild-access.ts";
import { messageId, turnIdOf } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type { IncomingMessage } from "../core/message.ts";
import type { Platform, Principal } from "../core/principal.ts";
import { REMINDER_LEASE_MS } from "../core/reminders.ts";
import {
  MAX_FAILED_RUNS,
  type DueSchedule,
  type HaltReason,
  type ScheduleQueue,
} from "../core/schedules.ts";
import type { Inbox } from "../core/stores.ts";
import { asError } from "../lib/as-error.ts";
import type { Calendar } from "../lib/calendar.ts";
import { keyOf } from "./remind.ts";

const ATTEMPT_MS = REMINDER_LEASE_MS - 10_000;
const FIRST_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 60_000;
/** Of the prompt, above the answer. */
const SHOWN_CHARS = 300;

export interface RunSchedulesDeps {
  readonly queue: ScheduleQueue;
  readonly inbox: Pick<Inbox, "accept">;
  readonly announcers: ReadonlyMap<Platform, Announcer>;
  readonly access: GuildAccess;
  readonly clock: Clock;
  readonly fault: Fault;
  readonly log: Log;
  readonly calendar: () => Promise<Calendar>;
}

/**
 * Makes a turn of each prompt that is due. First its place hears what is about to be answered, once; that message is the
 * turn's question, so that the same time is the same turn. Gives how many were due.
 */
export async function runSchedules(
  deps: RunSchedulesDeps,
  limit: number,
  signal: AbortSignal,
): Promise<number> {
  const due = await deps.queue.take(deps.clock.now(), limit);
  if (due.length > 0) deps.fault("schedule.taken");
  await Promise.all(due.map((each) => run(deps, each, signal)));
  return due.length;
}

async function run(deps: RunSchedulesDeps, due: DueSchedule, signal: AbortSignal): Promise<void> {
  const { queue, log } = deps;
  const about = { scheduleId: due.id, tries: due.tries };
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]);
    const halted = await begin(deps, due, within);
    if (halted === null) return log.info(about, "schedule-run");
    log.warn({ ...about, reason: halted }, "schedule-halted");
    await queue.halt(due, haltWords(due, halted));
  } catch (error) {
    if (!signal.aborted) log.warn({ ...about, error: asError(error) }, "schedule-not-run");
    const delayMs = signal.aborted
      ? 0
      : Math.min(FIRST_PAUSE_MS * 2 ** Math.min(due.tries - 1, 10), MAX_PAUSE_MS);
    await queue.release(due, delayMs).catch(() => {}); // The lease ends by itself.
  }
}

/** null when its turn is queued; else why there will be none any more. */
async function begin(
  deps: RunSchedulesDeps,
  due: DueSchedule,
  signal: AbortSignal,
): Promise<HaltReason | null> {
  const { queue, inbox, announcers, fault } = deps;
  const announcer = announcers.get(due.place.platform);
  if (!announcer) throw new Error(`Nothing is said on ${due.place.platform} in this process`);
  if (due.isFailing) return "failing";
  if (due.spentThisMonthUsd >= due.maxMonthUsd) return "over-budget";
  const author = await authorNow(deps, due, signal);
  if (!author) return "no-access";

  const said = await announcer.announce(toOpening(due), signal);
  if (said.kind === "undeliverable" || said.place.id !== due.place.id) return "no-access";
  fault("schedule.opened");
  const question: IncomingMessage = {
    id: messageId(`${due.place.platform}:${said.messageId}`),
    conversation: due.place,
    author,
    authorIsBot: false,
    text: due.prompt,
    replyTo: null,
    attachments: [],
    sentAt: deps.clock.now(),
  };
  await queue.begin(due, turnIdOf(question.id));
  const scope = { principal: author, audience: due.place.audience };
  await inbox.accept(scope, question, { trigger: "schedule", tier: null }, () => null);
  fault("schedule.accepted");
  await queue.settle(due, await comingAfter(deps, due));
  fault("schedule.settled");
  return null;
}

/** The owner with the rights that he has now; null when he may not speak there (any more). */
async function authorNow(
  { access }: RunSchedulesDeps,
  { place, scope: { principal } }: DueSchedule,
  signal: AbortSignal,
): Promise<Principal | null> {
  if (place.guildId === null) return principal;
  const standing = await access.standing(principal, signal);
  const here = standing?.places.find(({ conversation }) => conversation.id === place.id);
  if (!standing || !here?.maySend) return null;
  return { ...principal, roleIds: standing.roleIds, permissions: here.permissions };
}

const toOpening = ({ id, dueAt, place, prompt, ageMs, scope }: DueSchedule) => ({
  key: keyOf("schedule", id, dueAt),
  place,
  to: "here" as const,
  owner: scope.principal.userId,
  text: `📅 Scheduled: ${shorten(prompt)}`,
  rows: [[{ label: "Stop this schedule", leadsTo: `halt:${id}:${dueAt.getTime()}` }]],
  ageMs,
});

/** What was missed while nobody was there is run once. */
async function comingAfter({ calendar, clock }: RunSchedulesDeps, due: DueSchedule) {
  const timesLeft = due.timesLeft - 1;
  if (due.repeat === null || timesLeft <= 0) return null;
  const { nextAfter } = await calendar();
  const now = clock.now();
  const after = now > due.dueAt ? now : due.dueAt;
  return { dueAt: nextAfter(due.repeat, after), timesLeft };
}

function haltWords({ id, prompt, maxMonthUsd }: DueSchedule, reason: HaltReason): string {
  const what = `I stopped the scheduled prompt ${id} ("${shorten(prompt)}")`;
  switch (reason) {
    case "failing":
      return `${what}: its last ${MAX_FAILED_RUNS} runs failed. Schedule it anew when you think that it works again.`;
    case "over-budget":
      return `${what}: it has spent its $${maxMonthUsd} of this month. Schedule it anew with another budget if you like.`;
    case "no-access":
      return `${what}: you or I may not write in its place any more.`;
  }
}

const shorten = (prompt: string): string =>
  prompt.length <= SHOWN_CHARS ? prompt : `${prompt.slice(0, SHOWN_CHARS).toWellFormed()}…`;

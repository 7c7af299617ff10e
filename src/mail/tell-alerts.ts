import { keyOf } from "../agent/remind.ts";
import type { Announcement, Announcer } from "../core/announcer.ts";
import type { Clock } from "../core/clock.ts";
import type { Fault } from "../core/fault.ts";
import { conversationId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type { AlertedMail, DueMailAlert, MailAlertQueue } from "../core/mail-queue.ts";
import type { Conversation } from "../core/message.ts";
import { REMINDER_LEASE_MS } from "../core/reminders.ts";
import { asError } from "../lib/as-error.ts";
import { digestCard, mailButtons, mailCard, noticeWords, otherButtons } from "./alert-words.ts";

/** An attempt ends well before the lease does, so that nobody else is at it. */
const ATTEMPT_MS = REMINDER_LEASE_MS - 10_000;
const FIRST_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 60_000;

export interface TellDeps {
  readonly queue: MailAlertQueue;
  /** Where people are told. */
  readonly announcer: Announcer;
  /** What a model makes of a mail by its owner's wish, in words to be shown; null when there is none, or it fails. */
  readonly summarise: (
    alert: DueMailAlert,
    mail: AlertedMail,
    signal: AbortSignal,
  ) => Promise<string | null>;
  readonly clock: Clock;
  readonly fault: Fault;
  readonly log: Log;
}

/** Tells what is due, now. Gives how many that were. Whatever goes wrong with one is tried again later. */
export async function tellDue(deps: TellDeps, limit: number, signal: AbortSignal): Promise<number> {
  const due = await deps.queue.take(deps.clock.now(), limit);
  if (due.length > 0) deps.fault("mail.alert.taken");
  await Promise.all(due.map((each) => tell(deps, each, signal)));
  return due.length;
}

async function tell(deps: TellDeps, due: DueMailAlert, signal: AbortSignal): Promise<void> {
  const { queue, announcer, fault, log } = deps;
  const about = { alertId: due.id, tries: due.tries };
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]);
    const announcement = await toAnnouncement(deps, due, within);
    if (announcement === null) return await queue.giveUp(due);
    const announced = await announcer.announce(announcement, within);
    fault("mail.alert.said");
    if (announced.kind === "undeliverable") {
      log.warn({ ...about, reason: announced.reason }, "mail-alert-undeliverable");
      return await queue.giveUp(due);
    }
    await queue.settle(due, announced);
    fault("mail.alert.settled");
    log.info(about, "mail-alert-said");
  } catch (error) {
    if (!signal.aborted) log.warn({ ...about, error: asError(error) }, "mail-alert-not-said");
    const delayMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(due.tries - 1, 10), MAX_PAUSE_MS);
    await queue.release(due, signal.aborted ? 0 : delayMs).catch(() => {}); // The lease ends by itself.
  }
}

/** null when there is nothing left to tell: its mails are gone. */
async function toAnnouncement(
  deps: TellDeps,
  due: DueMailAlert,
  signal: AbortSignal,
): Promise<Announcement | null> {
  const { account, mails, kind } = due;
  const place = account.channel ?? privatePlace(due);
  const common = {
    key: keyOf("mail", due.id, due.dueAt),
    place,
    to: account.channel === null ? "dm" : "here",
    owner: due.owner,
    ageMs: due.ageMs,
    pings: due.pings,
    isOnlyWhereHeWrites: true,
  } as const;
  // What is wrong with somebody's mailbox is nobody else's business.
  if (kind === "notice")
    return { ...common, to: "dm", text: noticeWords(due), rows: otherButtons(due) };
  const [mail] = mails;
  if (!mail) return null;
  if (kind === "digest")
    return {
      ...common,
      text: "",
      card: digestCard(mails, due.count, account),
      rows: otherButtons(due),
    };
  const result = mail.prompt === null ? null : await deps.summarise(due, mail, signal);
  const card = mailCard(mail, account, { now: deps.clock.now(), result });
  return { ...common, text: "", card, rows: mailButtons(due, mail) };
}

/** Where a person is alone with her; which DM it is, is found when something is said. */
const privatePlace = ({ owner, account }: DueMailAlert): Conversation => ({
  id: conversationId(`discord:mail:${account.id}`),
  platform: "discord",
  kind: "dm",
  guildId: null,
  channelId: "",
  parentId: null,
  title: "Mail",
  audience: { kind: "private", userId: owner },
});

import type { ImapFlow } from "imapflow";
import type { Log } from "../core/log.ts";
import type { MailConnection, MailProblem } from "../core/mail.ts";
import type { WatchedAccount } from "../core/mail-queue.ts";
import type { FoundSecret } from "../core/secrets.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";
import type { Secret } from "../lib/secret.ts";
import { within } from "./imap.ts";
import { MailTrouble, toTrouble } from "./trouble.ts";
import { CursorMoved, syncFolder, type Caution, type FolderDeps } from "./watch-folder.ts";

const INBOX = "INBOX";
const MINUTE_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
/** After refusals, so that the provider does not lock the account. */
const FIRST_REFUSAL_PAUSE_MS = MINUTE_MS;
const MAX_REFUSAL_PAUSE_MS = 60 * MINUTE_MS;
/** IDLE is a hint: everything is looked at again, so that a connection that died in silence costs no more than this. */
const MAX_BETWEEN_CHECKS_MS = 3 * MINUTE_MS;
const SELECT_MS = 30_000;
/** How often reading fails at the same place before the mail there is kept unread. */
const MAX_TRIES_AT_ONE = 3;
/** A connection that ends is seldom a mail's fault: so many of them weigh as much as one answer that makes no sense. */
const LOSSES_PER_TRY = 5;

export interface WatchDeps extends FolderDeps {
  readonly open: (
    connection: MailConnection,
    secret: Secret,
    signal: AbortSignal,
  ) => Promise<ImapFlow>;
  readonly secretOf: (account: WatchedAccount, signal: AbortSignal) => Promise<FoundSecret>;
  /** 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
}

export interface WatchOptions {
  readonly maxBackoffMs: number;
  /** At the latest so long after a look comes the next; left out, as the account says, and MAX_BETWEEN_CHECKS_MS. */
  readonly checkEveryMs?: number;
}

/** Watches one account until the signal, or until its login is of no use. Whatever fails is tried again, ever later. */
export async function watchAccount(
  deps: WatchDeps,
  account: WatchedAccount,
  { maxBackoffMs, checkEveryMs = MAX_BETWEEN_CHECKS_MS }: WatchOptions,
  signal: AbortSignal,
): Promise<void> {
  const { queue, clock, log } = deps;
  await pause(Math.max(0, (account.retryAt?.getTime() ?? 0) - clock.now().getTime()), signal);
  const everyMs = Math.min(account.pollMinutes * MINUTE_MS, checkEveryMs);
  const progress: Progress = { failures: 0, stuckAt: null, triesHere: 0, everyMs };
  while (!signal.aborted) {
    try {
      if ((await session(deps, account, progress, signal)) === "over") return;
    } catch (error) {
      if (signal.aborted) return;
      const { problem } = toTrouble(error);
      const first = problem === "login-refused" ? FIRST_REFUSAL_PAUSE_MS : FIRST_PAUSE_MS;
      const most = problem === "login-refused" ? MAX_REFUSAL_PAUSE_MS : maxBackoffMs;
      const waitMs =
        Math.min(first * 2 ** Math.min(progress.failures, 20), most) * (0.75 + deps.random() / 2);
      progress.failures++;
      const about = { accountId: account.id, problem, waitMs: Math.round(waitMs) };
      log.info({ ...about, error: asError(error) }, "mail-disconnected");
      const retryAt = new Date(clock.now().getTime() + waitMs);
      await queue.failed(account.id, { problem, retryAt }).catch(() => {}); // The database is away: tried again.
      await pause(waitMs, signal);
    }
  }
}

interface Progress {
  readonly everyMs: number;
  /** In a row. */
  failures: number;
  /** Where it went wrong the last time while mails were read. */
  stuckAt: string | null;
  /** How often it went wrong just there. */
  triesHere: number;
}

/** One connection, from its sign-in to its end. */
async function session(
  deps: WatchDeps,
  account: WatchedAccount,
  progress: Progress,
  signal: AbortSignal,
): Promise<"over" | "again"> {
  const found = await deps.secretOf(account, signal);
  if (found.kind !== "found") {
    await deps.queue.failed(account.id, { problem: "locked", retryAt: null });
    return "over";
  }
  const client = await deps.open(account, found.secret, signal);
  const close = () => client.close();
  signal.addEventListener("abort", close, { once: true });
  try {
    deps.fault("mail.connected");
    await watch(deps, client, account, progress, signal);
    return "again";
  } finally {
    signal.removeEventListener("abort", close);
    client.close();
  }
}

async function watch(
  deps: WatchDeps,
  client: ImapFlow,
  account: WatchedAccount,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const bell = createBell(client);
  while (!signal.aborted) {
    bell.quieten();
    // Selected anew each time: a server that numbers its mails anew says so here. Read-only: nothing is marked as seen.
    const box = await within(client, SELECT_MS, client.mailboxOpen(INBOX, { readOnly: true }));
    try {
      await syncFolder(deps, client, account, box, { signal, caution: cautionOf(progress) });
    } catch (error) {
      if (error instanceof CursorMoved) continue;
      await countTry(deps, account, progress, toTrouble(error).problem);
      throw error;
    }
    Object.assign(progress, { failures: 0, triesHere: 0, stuckAt: null });
    await untilNews(client, bell, progress.everyMs, signal);
    if (client.isClosed) throw new MailTrouble("unreachable");
  }
}

/** Counts what goes wrong at one and the same mail. Whoever gets on, however slowly, has no bad mail before him. */
async function countTry(
  { queue }: WatchDeps,
  { id }: WatchedAccount,
  progress: Progress,
  problem: MailProblem,
): Promise<void> {
  const cursor = await queue.cursor(id, INBOX);
  const here = cursor && `${cursor.uidValidity} ${cursor.lastUid}`;
  const weight = problem === "unreachable" || problem === "too-slow" ? 1 / LOSSES_PER_TRY : 1;
  progress.triesHere =
    here !== null && here === progress.stuckAt ? progress.triesHere + weight : weight;
  progress.stuckAt = here;
}

function cautionOf({ triesHere }: Progress): Caution {
  if (triesHere < 1) return "none";
  return triesHere <= MAX_TRIES_AT_ONE ? "one" : "skip";
}

interface Bell {
  readonly quieten: () => void;
  /** Resolves at once when it rang since it was quietened. */
  readonly rung: () => Promise<void>;
}

/** Rings when the server tells of mails, and when the connection ends. Heard also while nobody waits. */
function createBell(client: ImapFlow): Bell {
  let ringing = Promise.withResolvers<void>();
  const ring = () => ringing.resolve();
  client.on("exists", ring);
  client.on("close", ring);
  return {
    quieten() {
      ringing = Promise.withResolvers<void>();
      if (client.isClosed) ring();
    },
    rung: () => ringing.promise,
  };
}

async function untilNews(
  client: ImapFlow,
  bell: Bell,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const timer = pause(everyMs, AbortSignal.any([signal, over.signal]));
  // Ends with the next call. A server without IDLE is asked by the timer alone.
  if (client.capabilities.has("IDLE")) client.idle().catch(() => {});
  await Promise.race([bell.rung(), timer]);
  over.abort();
}

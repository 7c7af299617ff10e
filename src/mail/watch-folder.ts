import type { ImapFlow, MailboxObject } from "imapflow";
import type { Clock } from "../core/clock.ts";
import type { Fault } from "../core/fault.ts";
import type { JudgedMail, MailCursor, MailQueue, WatchedAccount } from "../core/mail-queue.ts";
import type { MailRule } from "../core/mail-rules.ts";
import type { MailContent } from "./content.ts";
import { contentOf, factsOf, fetchMails, uidsAfter, type RawMail } from "./fetch-mails.ts";
import { judge, knownVerdict } from "./judge.ts";
import type { ReadMime } from "./mime-thread.ts";
import { trustedServerOf } from "./trusted-server.ts";

/** Mails that are judged and kept together. */
const BATCH = 40;
/** Of the newest at the first look, so that they are known when the folder is numbered anew at once. */
const KNOWN_AT_FIRST = 200;
/** A server's clock, and a mail that arrives as we look. */
const MARGIN_MS = 120_000;

export interface FolderDeps {
  readonly queue: MailQueue;
  readonly read: ReadMime;
  readonly clock: Clock;
  readonly fault: Fault;
  /** For people who never said where they are. */
  readonly timeZone: string;
  /** There may be something to tell. */
  readonly poke: () => void;
}

/** Thrown when somebody else has moved the cursor: whoever he is, he has the newer view. */
export class CursorMoved extends Error {
  override readonly name = "CursorMoved";
}

/**
 * Brings an open folder up to now: judges what is above the cursor, in order, and moves the cursor over what was kept
 * and over what is gone, never over a gap. Whoever is killed in between goes on from the last kept batch.
 */
export async function syncFolder(
  deps: FolderDeps,
  client: ImapFlow,
  account: WatchedAccount,
  box: MailboxObject,
  { signal, caution }: { readonly signal: AbortSignal; readonly caution: Caution },
): Promise<void> {
  const { queue } = deps;
  let cursor = await startingCursor(deps, client, account, box, signal);
  if (cursor === null) return;
  const uids = await uidsAfter(client, cursor.lastUid);
  const rules = uids.length > 0 ? await queue.rules(account.id) : [];
  for (let from = 0; from < uids.length;) {
    const size = caution === "none" ? BATCH : 1;
    const batch = { account, cursor, rules, uids: uids.slice(from, from + size), signal };
    const skips = caution === "skip" && from === 0;
    cursor = await takeBatch(deps, skips ? null : client, batch);
    from += size;
  }
  await queue.checked(account.id, box.path);
}

/** one: a mail at a time, since one of them may be the trouble. skip: the first is, and is kept unread. */
export type Caution = "none" | "one" | "skip";

/** Where to go on; null when this was the first look, at which everything is old. */
async function startingCursor(
  deps: FolderDeps,
  client: ImapFlow,
  account: WatchedAccount,
  { path, uidValidity: given, uidNext, exists }: MailboxObject,
  signal: AbortSignal,
): Promise<MailCursor | null> {
  const { queue } = deps;
  const uidValidity = Number(given);
  const cursor = await queue.cursor(account.id, path);
  if (cursor === null) {
    const lastUid = uidNext - 1;
    const known = await knownAtFirst(deps, client, account, { exists, lastUid }, signal);
    const newestAt = known.reduce<Date | null>(
      (latest, { receivedAt }) => (latest && latest > receivedAt ? latest : receivedAt),
      null,
    );
    await queue.begin({ accountId: account.id, path, uidValidity, lastUid, newestAt }, known);
    await queue.checked(account.id, path);
    return null;
  }
  if (cursor.uidValidity === uidValidity) return cursor;
  const upTo = uidNext - 1;
  await queue.rebase(cursor, { uidValidity, upTo, from: rebaseFrom(cursor, deps.clock.now()) });
  return queue.cursor(account.id, path);
}

/** From when on an unknown mail is a new one: generous, since those that are known are known by what they are. */
function rebaseFrom(cursor: MailCursor, now: Date): Date {
  const checked = (cursor.checkedAt ?? now).getTime() - MARGIN_MS;
  const isUnderWay = cursor.lastUid < cursor.rebaseUpTo;
  const before = isUnderWay ? (cursor.rebaseFrom?.getTime() ?? Infinity) : Infinity;
  return new Date(Math.min(checked, cursor.newestAt?.getTime() ?? Infinity, before));
}

async function knownAtFirst(
  deps: FolderDeps,
  client: ImapFlow,
  account: WatchedAccount,
  { exists, lastUid }: { readonly exists: number; readonly lastUid: number },
  signal: AbortSignal,
): Promise<readonly JudgedMail[]> {
  if (exists === 0) return [];
  const first = Math.max(1, exists - KNOWN_AT_FIRST + 1);
  const found = await client.search({ seq: `${first}:${exists}` }, { uid: true });
  const uids = (found || []).filter((uid) => uid <= lastUid).slice(-KNOWN_AT_FIRST);
  const known: JudgedMail[] = [];
  for (let from = 0; from < uids.length; from += BATCH) {
    const mails = await fetchMails(client, uids.slice(from, from + BATCH));
    const contents = await readAll(deps, account, mails, signal);
    const verdict = knownVerdict(deps.clock.now());
    known.push(...mails.map((mail, index) => ({ ...factsOf(mail, contents[index]!), verdict })));
  }
  return known;
}

interface Batch {
  readonly account: WatchedAccount;
  readonly cursor: MailCursor;
  readonly rules: readonly MailRule[];
  /** Ascending; at least one. */
  readonly uids: readonly number[];
  readonly signal: AbortSignal;
}

/** `client`: null to keep the mails without asking for them. */
async function takeBatch(
  deps: FolderDeps,
  client: ImapFlow | null,
  { account, cursor, rules, uids, signal }: Batch,
): Promise<MailCursor> {
  const { queue, fault } = deps;
  signal.throwIfAborted();
  const mails = client ? await fetchMails(client, uids) : unreadable(uids, deps.clock.now());
  fault("mail.fetched");
  if (client) await noteGone(deps, client, cursor, uids, mails);
  else
    await queue.note(account.id, { kind: "unreadable", detail: `${cursor.path}: ${uids.join()}` });
  const contents = await readAll(deps, account, mails, signal);
  const facts = mails.map((mail, index) => factsOf(mail, contents[index]!));
  const known = await queue.known(
    cursor,
    facts.map(({ fingerprint }) => fingerprint),
  );
  const now = deps.clock.now();
  const judged = facts.map((each, index): JudgedMail => {
    const dates = known.get(each.fingerprint) ?? [];
    if (isOld(cursor, each, dates)) return { ...each, verdict: knownVerdict(now) };
    const { receivedAt, sizeBytes } = each;
    const zone = account.zone ?? deps.timeZone;
    const mail = { content: contents[index]!, receivedAt, sizeBytes, zone };
    return { ...each, verdict: judge(account, rules, mail, now) };
  });
  fault("mail.judged");
  const lastUid = uids.at(-1)!;
  if (!(await queue.record(cursor, judged, lastUid))) throw new CursorMoved();
  fault("mail.recorded");
  if (judged.some(({ verdict }) => verdict.action !== "known" && verdict.action !== "none"))
    deps.poke();
  const newest = judged.reduce(
    (latest, { receivedAt }) => (latest && latest > receivedAt ? latest : receivedAt),
    cursor.newestAt,
  );
  return { ...cursor, lastUid, newestAt: newest };
}

const unreadable = (uids: readonly number[], now: Date): readonly RawMail[] =>
  uids.map((uid) => ({ uid, receivedAt: now, sizeBytes: 0, source: new Uint8Array() }));

/**
 * Under a new numbering: what is known, and what was there before the last look. Otherwise only a mail that was moved
 * away and back: it has the same Message-ID, and the time at which it once came.
 */
function isOld(
  { rebaseUpTo, rebaseFrom: from }: MailCursor,
  { uid, messageId, receivedAt }: JudgedMail | Omit<JudgedMail, "verdict">,
  known: readonly Date[],
): boolean {
  if (uid <= rebaseUpTo && from !== null) return known.length > 0 || receivedAt < from;
  return messageId !== null && known.some((date) => date.getTime() === receivedAt.getTime());
}

/** What was expunged or moved while it was asked for is skipped; what is there and did not come is no gap to go over. */
async function noteGone(
  { queue }: FolderDeps,
  client: ImapFlow,
  { accountId, path }: MailCursor,
  uids: readonly number[],
  mails: readonly RawMail[],
): Promise<void> {
  const came = new Set(mails.map(({ uid }) => uid));
  const missing = uids.filter((uid) => !came.has(uid));
  if (missing.length === 0) return;
  const still = await client.search({ uid: missing.join(",") }, { uid: true });
  if (still && still.length > 0)
    throw new Error(`${still.length} mails are there, but did not come`);
  await queue.note(accountId, {
    kind: "gone",
    detail: `${path}: ${missing.length} before they were read`,
  });
}

async function readAll(
  { read }: FolderDeps,
  account: WatchedAccount,
  mails: readonly RawMail[],
  signal: AbortSignal,
): Promise<readonly MailContent[]> {
  const contents = await read(
    mails.map(({ source }) => source),
    trustedServerOf(account),
    signal,
  );
  return mails.map((mail, index) => contentOf(mail, contents[index] ?? null));
}

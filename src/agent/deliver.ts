import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";
import type { Fault } from "../core/fault.ts";
import type { Log } from "../core/log.ts";
import type { FollowUp } from "../core/follow-up.ts";
import type { OutgoingPart, Outlet } from "../core/outlet.ts";
import type { Outbox } from "../core/stores.ts";
import type { Lease, OutboxPart, Turn } from "../core/turn.ts";
import { LeaseLost } from "../core/turn.ts";
import { asError } from "../lib/as-error.ts";
import { withBytes, type KeepsFiles } from "./keep-files.ts";
import { sendOnce, toOutgoing, type Brought } from "./send-once.ts";

const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;

/** What is known of the parts before the delivery. */
export interface Known {
  /** Parts whose row was made by this very plan: whoever may have sent them has sent their final words. */
  readonly untried: ReadonlySet<number>;
  /** The words of parts that the place shows as finished already. */
  readonly finished: ReadonlyMap<number, string>;
  /** What is offered below the last part; nothing unless told. */
  readonly offers?: readonly FollowUp[];
}

interface Deps {
  readonly outlet: Outlet;
  readonly outbox: Outbox;
  /** Where the bytes of files are that go with an answer. */
  readonly files?: KeepsFiles;
  readonly clock: Clock;
  readonly fault: Fault;
  readonly log: Log;
}

/** Where the delivery stands. */
interface Delivery {
  readonly turn: Turn;
  readonly known: Known;
  /** The messages that are parts of this answer, as far as it was known at the beginning. */
  readonly others: readonly string[];
  /** How old a row is by now. */
  readonly ageMs: (row: OutboxPart) => number;
  /** The part that ends the answer; -1 when there is none. */
  readonly last: number;
  readonly signal: AbortSignal;
  /** The message of the part before. */
  previous: string | null;
  /** True when nothing can be said in this place: the rest need not be tried. */
  isRefused: boolean;
}

/**
 * Brings the place to exactly the planned words: each part once, in order, nothing left over. Safe to begin again at any
 * point. Tries until the signal fires; when nothing can be said in the place, the parts end as undeliverable.
 */
export async function deliver(
  deps: Deps,
  turn: Turn,
  lease: Lease,
  rows: readonly OutboxPart[],
  known: Known,
  signal: AbortSignal,
): Promise<void> {
  const { outbox, clock } = deps;
  const startedAt = clock.elapsedMs();
  const delivery: Delivery = {
    turn,
    known,
    others: rows.flatMap(({ messageId }) => messageId ?? []),
    ageMs: (row) => row.ageMs + clock.elapsedMs() - startedAt,
    last: rows.findLast(({ state }) => state === "planned")?.part ?? -1,
    signal,
    previous: null,
    isRefused: false,
  };
  for (const row of rows) {
    if (row.state === "planned") {
      const messageId = await bringAbout(deps, delivery, row);
      const state = messageId === null ? "undeliverable" : "done";
      await outbox.settle(lease, row.part, state, messageId);
      delivery.previous = messageId ?? delivery.previous;
    } else if (row.state === "surplus") {
      await persist(deps, delivery, () => takeAway(deps, delivery, row));
      await outbox.settle(lease, row.part, "removed", null);
    } else if (row.part >= 0) delivery.previous = row.messageId ?? delivery.previous;
  }
  deps.fault("outbox.done");
}

/** The message with the part's final words; null when the place does not take it. */
async function bringAbout(deps: Deps, delivery: Delivery, row: OutboxPart): Promise<string | null> {
  const hasMore = row.file !== null || (row.files ?? []).length > 0 || Boolean(row.card);
  const isWhole = !hasMore && offersBelow(delivery, row).length === 0;
  const isThere = isWhole && delivery.known.finished.get(row.part) === row.content;
  if (row.messageId !== null && isThere) return row.messageId;
  if (delivery.isRefused) return null;
  deps.fault("outbox.part.next");
  const brought = await persist(deps, delivery, () => attempt(deps, delivery, row));
  if (brought.kind !== "undeliverable") return brought.messageId;
  const { id: turnId } = delivery.turn;
  deps.log.warn({ turnId, part: row.part, reason: brought.reason }, "undeliverable");
  delivery.isRefused = true;
  return null;
}

const offersBelow = ({ known, last }: Delivery, { part }: OutboxPart): readonly FollowUp[] =>
  part === last ? (known.offers ?? []) : [];

/** One attempt to make the part's message exist with its words. */
async function attempt(deps: Deps, delivery: Delivery, row: OutboxPart): Promise<Brought> {
  const { turn, previous, others, signal } = delivery;
  const offers = offersBelow(delivery, row);
  const words = toOutgoing(turn, row, { follows: previous, running: false, offers });
  const part = await withBytes(deps.files ?? null, turn.scope, words, row.files ?? []);
  if (row.messageId !== null) return rewrite(deps, delivery, row, row.messageId, part);

  const before = { ageMs: delivery.ageMs(row), others };
  const sent = await sendOnce(deps.outlet, turn.conversation, part, before, signal);
  if (sent.kind === "undeliverable" || delivery.known.untried.has(row.part)) return sent;
  // It may be what an earlier attempt showed: half an answer, with its Stop button.
  await deps.outbox.sent(turn.id, row.part, sent.messageId);
  return rewrite(deps, delivery, row, sent.messageId, part);
}

/** Edits the message to the final words; somebody may have removed it meanwhile, then the words go out anew, once. */
async function rewrite(
  deps: Deps,
  { turn, others, ageMs, signal }: Delivery,
  row: OutboxPart,
  messageId: string,
  part: OutgoingPart,
): Promise<Brought> {
  const edited = await deps.outlet.edit(turn.conversation, messageId, part, signal);
  if (edited.kind !== "gone") return edited;
  // Another nonce, since the old one stands for the removed message; the same one at each attempt.
  const again = { ...part, nonce: `${part.nonce}r` };
  const before = { ageMs: ageMs(row), others };
  return sendOnce(deps.outlet, turn.conversation, again, before, signal);
}

async function takeAway(
  { outlet }: Deps,
  { turn, previous, others, signal }: Delivery,
  row: OutboxPart,
): Promise<void> {
  const place = turn.conversation;
  const part = toOutgoing(turn, row, { follows: previous, running: false });
  const messageId = row.messageId ?? (await outlet.find(place, part, others, signal));
  if (messageId !== null) await outlet.remove(place, messageId, signal);
}

/** Again and again with growing pauses: an outage of the place is waited out, not answered by losing words. */
async function persist<Result>(
  { log }: Deps,
  { turn, signal }: Delivery,
  attemptOnce: () => Promise<Result>,
): Promise<Result> {
  for (let pauseMs = FIRST_RETRY_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_RETRY_MS)) {
    try {
      return await attemptOnce();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof LeaseLost) throw error;
      log.warn({ turnId: turn.id, pauseMs, error: asError(error) }, "delivery-failed");
      await sleep(pauseMs, undefined, { signal });
    }
  }
}

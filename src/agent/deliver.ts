import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../core/fault.ts";
import type { Log } from "../core/log.ts";
import type { OutgoingPart, Outlet, Sent } from "../core/outlet.ts";
import type { Outbox } from "../core/stores.ts";
import type { Lease, OutboxPart, Turn } from "../core/turn.ts";
import { LeaseLost } from "../core/turn.ts";
import { toOutgoing } from "./live-reply.ts";
import { asError } from "../lib/as-error.ts";

/** Within this time the place answers a second send of a nonce with the first message; later we look for it ourselves. */
const NONCE_TRUSTED_MS = 60_000;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;

/** What is known of the parts before the delivery. */
export interface Known {
  /** Parts whose row was made by this very plan, so that no earlier attempt can have sent them. */
  readonly untried: ReadonlySet<number>;
  /** The words of parts that the place shows as finished already. */
  readonly finished: ReadonlyMap<number, string>;
}

interface Deps {
  readonly outlet: Outlet;
  readonly outbox: Outbox;
  readonly fault: Fault;
  readonly log: Log;
}

/**
 * Brings the place to exactly the planned words: each part once, in order, nothing left over. Safe to begin again at any
 * point. Tries until the signal fires; the place being gone ends a part as undeliverable.
 */
export async function deliver(
  deps: Deps,
  turn: Turn,
  lease: Lease,
  rows: readonly OutboxPart[],
  { untried, finished }: Known,
  signal: AbortSignal,
): Promise<void> {
  let previous: string | null = null;
  const known = rows.flatMap(({ messageId }) => messageId ?? []);
  for (const row of rows) {
    const isThere = row.file === null && finished.get(row.part) === row.content;
    if (row.state === "planned" && row.messageId !== null && isThere) {
      await deps.outbox.settle(lease, row.part, "done", row.messageId);
      previous = row.messageId;
    } else if (row.state === "planned") {
      deps.fault("outbox.part.next");
      const settled = await persist(deps, turn, signal, () =>
        bringAbout(deps, turn, row, { previous, known, untried: untried.has(row.part) }, signal),
      );
      const messageId = settled.kind === "sent" ? settled.messageId : null;
      await deps.outbox.settle(
        lease,
        row.part,
        messageId === null ? "undeliverable" : "done",
        messageId,
      );
      previous = messageId ?? previous;
    } else if (row.state === "surplus") {
      await persist(deps, turn, signal, () =>
        takeAway(deps, turn, row, { previous, known }, signal),
      );
      await deps.outbox.settle(lease, row.part, "removed", null);
    } else if (row.part >= 0) previous = row.messageId ?? previous;
  }
  deps.fault("outbox.done");
}

/** The other messages of the answer. */
interface Around {
  readonly previous: string | null;
  readonly known: readonly string[];
}

/** One attempt to make the part's message exist with its words. */
async function bringAbout(
  deps: Deps,
  turn: Turn,
  row: OutboxPart,
  { previous, known: others, untried }: Around & { readonly untried: boolean },
  signal: AbortSignal,
): Promise<Exclude<Sent, { kind: "gone" }>> {
  const part = toOutgoing(turn, row, row.content, { follows: previous, running: false });
  const place = turn.conversation;
  const known =
    row.messageId ??
    (untried || row.ageMs < NONCE_TRUSTED_MS
      ? null
      : await deps.outlet.find(place, part, others, signal));
  if (known !== null) return rewrite(deps, turn, known, part, signal);

  const sent = await deps.outlet.send(place, part, signal);
  if (sent.kind === "gone") throw new Error("A send cannot find its message gone");
  if (sent.kind === "undeliverable" || untried) return sent;
  // The nonce may have brought back what an earlier attempt showed: half an answer, with its Stop button.
  await deps.outbox.sent(turn.id, row.part, sent.messageId);
  return rewrite(deps, turn, sent.messageId, part, signal);
}

/** Edits the message to the final words; somebody may have removed it meanwhile, then the words go out anew, once. */
async function rewrite(
  deps: Deps,
  turn: Turn,
  messageId: string,
  part: OutgoingPart,
  signal: AbortSignal,
): Promise<Exclude<Sent, { kind: "gone" }>> {
  const edited = await deps.outlet.edit(turn.conversation, messageId, part, signal);
  if (edited.kind !== "gone") return edited;
  // Another nonce, since the old one stands for the removed message; the same one at each attempt.
  const again = { ...part, nonce: `${part.nonce}r` };
  const sent = await deps.outlet.send(turn.conversation, again, signal);
  if (sent.kind === "gone") throw new Error("A send cannot find its message gone");
  return sent;
}

async function takeAway(
  deps: Deps,
  turn: Turn,
  row: OutboxPart,
  { previous, known }: Around,
  signal: AbortSignal,
): Promise<void> {
  const part = toOutgoing(turn, row, row.content, { follows: previous, running: false });
  const place = turn.conversation;
  const messageId = row.messageId ?? (await deps.outlet.find(place, part, known, signal));
  if (messageId !== null) await deps.outlet.remove(place, messageId, signal);
}

/** Again and again with growing pauses: an outage of the place is waited out, not answered by losing words. */
async function persist<Result>(
  { log }: Deps,
  turn: Turn,
  signal: AbortSignal,
  attempt: () => Promise<Result>,
): Promise<Result> {
  for (let pauseMs = FIRST_RETRY_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_RETRY_MS)) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof LeaseLost) throw error;
      const cause = asError(error);
      log.warn({ turnId: turn.id, pauseMs, error: cause }, "delivery-failed");
      await sleep(pauseMs, undefined, { signal });
    }
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { OutgoingPart, Outlet } from "../core/outlet.ts";
import type { Outbox } from "../core/stores.ts";
import type { Lease, OutboxPart, Turn } from "../core/turn.ts";
import { asError } from "../lib/as-error.ts";

/** A model that has said everything by then gets one message instead of a message and an edit. */
const FIRST_FLUSH_DELAY_MS = 4;
/** Words without the end of a sentence are shown from this length on. */
const LONG_WITHOUT_SENTENCE = 160;
/** A status line alone (a tool is at work) makes a message of its own only after this long. */
const STATUS_DELAY_MS = 1_500;

export interface LiveReply {
  /** The whole answer so far; replaces what was shown. */
  readonly show: (text: string) => void;
  /** A small line below the answer, such as what a tool is doing; null for none. */
  readonly status: (line: string | null) => void;
  /** Shows nothing more; resolves when nothing is under way. All parts that may exist, by part. */
  readonly close: () => Promise<readonly OutboxPart[]>;
  /** Why nothing can be said in this place; null while it can. */
  readonly undeliverable: () => string | null;
  /** The words of parts that the place shows as finished already. */
  readonly finished: () => ReadonlyMap<number, string>;
}

interface LivePart {
  readonly row: OutboxPart;
  readonly shown: string;
  /** As the place shows it: whether it can be stopped. */
  readonly running: boolean;
}

interface Deps {
  readonly outlet: Outlet;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The growing answer. Each part is planned in the outbox before its first send; edits keep only the newest words and
 * come no faster than the place likes. A failure to show is no failure of the turn: the final delivery mends it.
 */
export function createLiveReply(
  deps: Deps,
  turn: Turn,
  lease: Lease,
  existing: readonly OutboxPart[],
  signal: AbortSignal,
): LiveReply {
  const { voice } = deps.outlet;
  const closed = new AbortController();
  const stop = AbortSignal.any([signal, closed.signal]);
  const parts = new Map(
    existing
      .filter(({ part }) => part >= 0)
      .map((row): [number, LivePart] => [row.part, { row, shown: "", running: true }]),
  );
  let words = "";
  let line: string | null = null;
  let refused: string | null = null;
  let pump: Promise<void> | null = null;
  let lastFlushAt = Number.NEGATIVE_INFINITY;

  const wake = () => {
    if (stop.aborted || pump !== null || !worthShowing()) return;
    pump = flushUntilQuiet().finally(() => {
      pump = null;
    });
  };

  const worthShowing = () =>
    parts.size > 0 || endsSentence(words) || (line !== null && (words !== "" || statusIsDue()));
  let statusSince: number | null = null;
  const statusIsDue = () =>
    statusSince !== null && deps.clock.elapsedMs() - statusSince >= STATUS_DELAY_MS;

  async function flushUntilQuiet(): Promise<void> {
    try {
      let wanted = wantedText();
      while (!stop.aborted && refused === null && wanted !== "") {
        const wait = lastFlushAt + voice.editIntervalMs - deps.clock.elapsedMs();
        await sleep(Math.max(FIRST_FLUSH_DELAY_MS, wait), undefined, { signal: stop });
        wanted = wantedText();
        const changed = await flush(wanted);
        if (!changed && wanted === wantedText()) return;
        lastFlushAt = deps.clock.elapsedMs();
      }
    } catch (error) {
      if (stop.aborted) return;
      deps.log.warn({ turnId: turn.id, error: asError(error) }, "live-reply-failed");
      lastFlushAt = deps.clock.elapsedMs();
    }
  }

  const wantedText = () =>
    [words, line].filter((piece) => piece !== null && piece !== "").join("\n\n");

  /** True when anything was sent or edited. */
  async function flush(text: string): Promise<boolean> {
    let changed = false;
    const rendered = voice.render(text, { final: false });
    for (const [part, { content }] of rendered.entries()) {
      if (stop.aborted) return changed;
      const known = parts.get(part);
      // Parts before the last do not change any more: they are finished, and need no way to stop them.
      const running = part === rendered.length - 1;
      if (known?.shown === content && known.running === running) continue;
      changed = true;
      const row = known?.row ?? (await deps.outbox.open(lease, part, content));
      await showPart(part, { content, running }, row);
      if (refused !== null) return changed;
    }
    return changed;
  }

  async function showPart(
    part: number,
    { content, running }: { readonly content: string; readonly running: boolean },
    row: OutboxPart,
  ): Promise<void> {
    parts.set(part, { shown: "", running: true, ...parts.get(part), row });
    if (stop.aborted) return;
    const follows = parts.get(part - 1)?.row.messageId ?? null;
    const outgoing = toOutgoing(turn, row, content, { follows, running });
    const sent =
      row.messageId === null
        ? await deps.outlet.send(turn.conversation, outgoing, signal)
        : await deps.outlet.edit(turn.conversation, row.messageId, outgoing, stop);
    if (sent.kind === "undeliverable") refused = sent.reason;
    if (sent.kind !== "sent") return;
    if (row.messageId === null) await deps.outbox.sent(turn.id, part, sent.messageId);
    // A nonce may have brought back older words; that the place trims blanks is no difference.
    const shown = sent.content.trim() === content.trim() ? content : sent.content;
    parts.set(part, { row: { ...row, messageId: sent.messageId }, shown, running });
  }

  return {
    show(text) {
      words = text;
      wake();
    },
    status(next) {
      line = next;
      statusSince = next === null ? null : deps.clock.elapsedMs();
      wake();
      if (next !== null)
        void sleep(STATUS_DELAY_MS, undefined, { signal: stop }).then(wake, () => {});
    },
    async close() {
      closed.abort();
      await pump;
      return [...parts.values()].map(({ row }) => row).toSorted((a, b) => a.part - b.part);
    },
    undeliverable: () => refused,
    finished: () =>
      new Map([...parts].flatMap(([part, { shown, running }]) => (running ? [] : [[part, shown]]))),
  };
}

/** A row of the outbox as the place gets it. */
export function toOutgoing(
  turn: Turn,
  row: Pick<OutboxPart, "part" | "nonce" | "file">,
  content: string,
  { follows, running }: Pick<OutgoingPart, "follows" | "running">,
): OutgoingPart {
  const { part, nonce, file } = row;
  const replyTo = part <= 0 ? turn.triggerId : null;
  return { turnId: turn.id, part, nonce, content, file, replyTo, follows, running };
}

const endsSentence = (text: string): boolean =>
  /[.!?…。！？:]["')\]]*\s|\n/.test(text) || text.length >= LONG_WITHOUT_SENTENCE;

import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import { LeaseLost, type OutboxPart } from "../core/turn.ts";
import { asError } from "../lib/as-error.ts";
import { createLiveParts, type Growing, type LivePartsDeps } from "./live-parts.ts";

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
  /** The words of parts that the place shows as finished already. */
  readonly finished: () => ReadonlyMap<number, string>;
}

interface Deps extends LivePartsDeps {
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The growing answer: it keeps only the newest words, and shows them no faster than the place likes. A failure to show
 * is no failure of the turn: the final delivery mends it. Nothing is shown before `after` resolves, which must not reject.
 */
export function createLiveReply(
  deps: Deps,
  growing: Growing,
  after: Promise<void>,
  signal: AbortSignal,
): LiveReply {
  const { clock, log, outlet } = deps;
  const closed = new AbortController();
  const stop = AbortSignal.any([signal, closed.signal]);
  const parts = createLiveParts(deps, growing, { stop, signal });
  let words = "";
  let line: string | null = null;
  let lineSinceMs = 0;
  let pump: Promise<void> | null = null;
  let flushedAtMs = Number.NEGATIVE_INFINITY;

  const wake = () => {
    if (stop.aborted || pump !== null || !isWorthShowing()) return;
    pump = flushUntilQuiet()
      .catch(note)
      .finally(() => {
        pump = null;
      });
  };

  const isWorthShowing = () =>
    parts.rows().length > 0 || endsSentence(words) || (line !== null && lineIsDue());
  const lineIsDue = () => words !== "" || clock.elapsedMs() - lineSinceMs >= STATUS_DELAY_MS;

  const wantedText = () =>
    [words, line].filter((piece) => piece !== null && piece !== "").join("\n\n");

  async function flushUntilQuiet(): Promise<void> {
    await after;
    while (!stop.aborted && wantedText() !== "") {
      const waitMs = flushedAtMs + outlet.voice.editIntervalMs - clock.elapsedMs();
      await sleep(Math.max(FIRST_FLUSH_DELAY_MS, waitMs), undefined, { signal: stop });
      const wanted = wantedText();
      const shown = await parts.show(wanted);
      if (shown === "over") return closed.abort();
      if (shown === "unchanged" && wanted === wantedText()) return;
      flushedAtMs = clock.elapsedMs();
    }
  }

  function note(error: unknown): void {
    if (stop.aborted) return;
    // Somebody else has the turn, which the turn itself will notice. Any other failure may have passed by the next words.
    if (error instanceof LeaseLost) return closed.abort();
    log.warn({ turnId: growing.turn.id, error: asError(error) }, "live-reply-failed");
    flushedAtMs = clock.elapsedMs();
  }

  return {
    show(text) {
      words = text;
      wake();
    },
    status(next) {
      line = next;
      lineSinceMs = clock.elapsedMs();
      wake();
      if (next !== null)
        void sleep(STATUS_DELAY_MS, undefined, { signal: stop }).then(wake, () => {}); // Ended with the answer.
    },
    async close() {
      closed.abort();
      await pump;
      return parts.rows();
    },
    finished: parts.finished,
  };
}

const endsSentence = (text: string): boolean =>
  /[.!?…。！？:]["')\]]*\s|\n/.test(text) || text.length >= LONG_WITHOUT_SENTENCE;

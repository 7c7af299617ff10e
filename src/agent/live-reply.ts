import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import { LeaseLost, type OutboxPart } from "../core/turn.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";
import { createLiveParts, type Growing, type LivePartsDeps } from "./live-parts.ts";

/** A model that has said everything by then gets one message instead of a message and an edit. */
const FIRST_FLUSH_DELAY_MS = 4;
/** Words without the end of a sentence are shown from this length on. */
const LONG_WITHOUT_SENTENCE = 160;
/** A status line alone (a tool is at work) makes a message of its own only after this long. */
const STATUS_DELAY_MS = 1_500;
/** Before the place is tried again that has just failed. */
const FAILED_PAUSE_MS = 1_000;

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
 * is no failure of the turn: it tries again while the answer grows, and the final delivery mends the rest. Nothing is
 * shown before `after` resolves, which must not reject.
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
  const line = createLine(() => wake());
  let words = "";
  let pump: Promise<void> | null = null;
  let nextAtMs = Number.NEGATIVE_INFINITY;

  const wake = () => {
    if (!stop.aborted && pump === null && isWorthShowing()) pump = flushUntilQuiet();
  };
  const isWorthShowing = () =>
    parts.rows().length > 0 ||
    endsSentence(words) ||
    (line.text() !== "" && (words !== "" || line.isDue()));
  const wantedText = () => [words, line.text()].filter((piece) => piece !== "").join("\n\n");

  async function flushUntilQuiet(): Promise<void> {
    await after;
    while (!stop.aborted) {
      await pause(Math.max(FIRST_FLUSH_DELAY_MS, nextAtMs - clock.elapsedMs()), stop);
      const wanted = wantedText();
      if (stop.aborted || wanted === "") break;
      if (!(await flush(wanted)) && wanted === wantedText()) break;
    }
    pump = null;
  }

  /** False when the place shows these words already. */
  async function flush(text: string): Promise<boolean> {
    try {
      const shown = await parts.show(text);
      if (shown === "over") closed.abort();
      if (shown === "unchanged") return false;
      nextAtMs = clock.elapsedMs() + outlet.voice.editIntervalMs;
    } catch (error) {
      // Somebody else has the turn, and the turn itself will notice.
      if (error instanceof LeaseLost) closed.abort();
      if (!stop.aborted)
        log.warn({ turnId: growing.turn.id, error: asError(error) }, "live-reply-failed");
      nextAtMs = clock.elapsedMs() + FAILED_PAUSE_MS;
    }
    return true;
  }

  return {
    show(text) {
      words = text;
      wake();
    },
    status(next) {
      if (stop.aborted) return;
      line.set(next ?? "");
      wake();
    },
    async close() {
      closed.abort();
      line.set("");
      await pump;
      return parts.rows();
    },
    finished: parts.finished,
  };
}

/** A line that makes a message of its own once it has stayed for a while; "" for none. */
function createLine(onDue: () => void) {
  let line = "";
  let isDue = false;
  let timer: NodeJS.Timeout | undefined;
  return {
    text: () => line,
    isDue: () => isDue,
    set(next: string) {
      clearTimeout(timer);
      line = next;
      isDue = false;
      if (next === "") return;
      timer = setTimeout(() => {
        isDue = true;
        onDue();
      }, STATUS_DELAY_MS);
    },
  };
}

const endsSentence = (text: string): boolean =>
  /[.!?…。！？:]["')\]]*\s|\n/.test(text) || text.length >= LONG_WITHOUT_SENTENCE;

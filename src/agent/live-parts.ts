import type { Outlet, Sent } from "../core/outlet.ts";
import type { Outbox } from "../core/stores.ts";
import type { Lease, OutboxPart, Turn } from "../core/turn.ts";
import { sendOnce, toOutgoing, type Brought } from "./send-once.ts";

/** The messages of an answer that still grows. */
export interface LiveParts {
  /**
   * Brings the place to these words as far as it has not shown them. changed: something was sent or edited.
   * over: nothing more can be shown this way, the final delivery has to see to it.
   */
  readonly show: (text: string) => Promise<"unchanged" | "changed" | "over">;
  /** All that may exist, by part. */
  readonly rows: () => readonly OutboxPart[];
  /** The words of parts that the place shows as finished already. */
  readonly finished: () => ReadonlyMap<number, string>;
}

interface LivePart {
  readonly row: OutboxPart;
  readonly shown: string;
  /** As the place shows it: whether it can be stopped. */
  readonly running: boolean;
}

export interface LivePartsDeps {
  readonly outlet: Outlet;
  readonly outbox: Outbox;
}

export interface Growing {
  readonly turn: Turn;
  readonly lease: Lease;
  /** What earlier attempts planned or sent. */
  readonly existing: readonly OutboxPart[];
}

/**
 * Each part is planned in the outbox before it is sent, and again before each edit: whoever has lost the turn while he
 * slept must not write over the words of another. `stop` ends edits that are under way, but no send: the id of a message
 * that is on its way is still to be learnt. `signal` ends both.
 */
export function createLiveParts(
  { outlet, outbox }: LivePartsDeps,
  { turn, lease, existing }: Growing,
  { stop, signal }: { readonly stop: AbortSignal; readonly signal: AbortSignal },
): LiveParts {
  const parts = new Map(
    existing
      .filter(({ part }) => part >= 0)
      .map((row): [number, LivePart] => [row.part, { row, shown: "", running: true }]),
  );

  /** True when the place shows the part now. */
  async function showPart(row: OutboxPart, content: string, running: boolean): Promise<boolean> {
    const { part } = row;
    parts.set(part, { shown: "", running: true, ...parts.get(part), row });
    if (stop.aborted) return false;
    const brought = await bring(row, content, running);
    if (brought.kind === "gone" || brought.kind === "undeliverable") return false;
    const { messageId } = brought;
    if (row.messageId === null) await outbox.sent(turn.id, part, messageId);
    // A nonce may have brought back older words; that the place trims blanks is no difference.
    const words = brought.kind === "found" ? "" : brought.content;
    const shown = words.trim() === content.trim() ? content : words;
    parts.set(part, { row: { ...row, messageId }, shown, running });
    return true;
  }

  function bring(row: OutboxPart, content: string, running: boolean): Promise<Sent | Brought> {
    const follows = parts.get(row.part - 1)?.row.messageId ?? null;
    // A file or a card belongs to the final words of an earlier revision.
    const part = toOutgoing(
      turn,
      { ...row, content, file: null, card: null },
      { follows, running },
    );
    if (row.messageId !== null) return outlet.edit(turn.conversation, row.messageId, part, stop);
    const others = [...parts.values()].flatMap((each) => each.row.messageId ?? []);
    const before = { ageMs: row.ageMs, others };
    return sendOnce(outlet, turn.conversation, part, before, signal);
  }

  return {
    async show(text) {
      let changed = false;
      const rendered = outlet.voice.render(text, { final: false });
      for (const [part, { content }] of rendered.entries()) {
        const known = parts.get(part);
        // Parts before the last do not change any more: they are finished, and need no way to stop them.
        const running = part === rendered.length - 1;
        if (known?.shown === content && known.running === running) continue;
        if (stop.aborted) return "over";
        changed = true;
        const row = await outbox.open(lease, part, content);
        if (!(await showPart(row, content, running))) return "over";
      }
      return changed ? "changed" : "unchanged";
    },
    rows: () => [...parts.values()].map(({ row }) => row).toSorted((a, b) => a.part - b.part),
    finished: () =>
      new Map([...parts].flatMap(([part, { shown, running }]) => (running ? [] : [[part, shown]]))),
  };
}

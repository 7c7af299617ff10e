import type { OutgoingPart, Outlet, Sent } from "../src/core/outlet.ts";

export interface FakeMessage {
  readonly id: string;
  readonly nonce: string;
  content: string;
  running: boolean;
  readonly replyTo: string | null;
  readonly follows: string | null;
  edits: number;
}

export interface FakeOutlet extends Outlet {
  /** What readers see now, oldest first. */
  readonly messages: FakeMessage[];
  /** Each entry makes the next matching call fail: after it took effect, or before. */
  readonly faults: { on: "send" | "edit" | "remove"; when: "before" | "after" }[];
  /** Forgets nonces, as Discord does after a few minutes. */
  readonly forgetNonces: () => void;
  readonly workingNow: () => number;
  /** Resolves when readers see messages that look like this. */
  readonly until: (looks: (messages: readonly FakeMessage[]) => boolean) => Promise<void>;
  /** What was asked for, in order, for example `send 0` or `edit m1`. */
  readonly requests: string[];
  /** While true, nothing can be said here. */
  isGone: boolean;
}

const PART_SIZE = 100;

/**
 * A place in memory with Discord's manners: nonces, edits, messages that others may remove. `idPrefix`: for tests that
 * share a store, where a message is known by its id.
 */
export function createFakeOutlet({ editIntervalMs = 0, idPrefix = "m" } = {}): FakeOutlet {
  const messages: FakeMessage[] = [];
  const faults: FakeOutlet["faults"] = [];
  let nonces = new Map<string, FakeMessage>();
  let working = 0;
  let count = 0;
  const requests: string[] = [];
  const waiting = new Set<() => void>();
  const changed = () => waiting.forEach((look) => look());

  const fault = (on: "send" | "edit" | "remove", when: "before" | "after") => {
    const index = faults.findIndex((each) => each.on === on && each.when === when);
    if (index === -1) return;
    faults.splice(index, 1);
    throw new Error(`scripted ${on} failure ${when} it took effect`);
  };
  const sent = ({ id, content }: FakeMessage): Sent => ({ kind: "sent", messageId: id, content });

  const outlet: FakeOutlet = {
    messages,
    faults,
    requests,
    isGone: false,
    until: (looks) =>
      new Promise((resolve) => {
        const look = () => {
          if (!looks(messages)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    forgetNonces: () => {
      nonces = new Map();
    },
    workingNow: () => working,
    async send(_place, part: OutgoingPart, signal) {
      signal.throwIfAborted();
      requests.push(`send ${part.part}`);
      if (outlet.isGone) return { kind: "undeliverable", reason: "gone" };
      fault("send", "before");
      const known = nonces.get(part.nonce);
      if (known) return sent(known);
      const { nonce, content, running, replyTo, follows } = part;
      const message = {
        id: `${idPrefix}${++count}`,
        nonce,
        content,
        running,
        replyTo,
        follows,
        edits: 0,
      };
      messages.push(message);
      nonces.set(nonce, message);
      changed();
      fault("send", "after");
      return sent(message);
    },
    async edit(_place, messageId, part, signal) {
      signal.throwIfAborted();
      requests.push(`edit ${messageId}`);
      if (outlet.isGone) return { kind: "undeliverable", reason: "gone" };
      fault("edit", "before");
      const message = messages.find(({ id }) => id === messageId);
      if (!message) return { kind: "gone" };
      message.content = part.content;
      message.running = part.running;
      message.edits++;
      changed();
      fault("edit", "after");
      return sent(message);
    },
    async remove(_place, messageId, signal) {
      signal.throwIfAborted();
      requests.push(`remove ${messageId}`);
      fault("remove", "before");
      const index = messages.findIndex(({ id }) => id === messageId);
      if (index !== -1) messages.splice(index, 1);
      changed();
    },
    async find(_place, part, others) {
      requests.push(`find ${part.part}`);
      const match = messages.find(
        ({ id, replyTo, follows }) =>
          replyTo === part.replyTo && follows === part.follows && !others.includes(id),
      );
      return match?.id ?? null;
    },
    voice: {
      editIntervalMs,
      render: (text) =>
        text
          .match(new RegExp(`[^]{1,${PART_SIZE}}`, "g"))
          ?.map((content) => ({ content, file: null })) ?? [],
      working(_place, signal) {
        working++;
        signal.addEventListener("abort", () => working--, { once: true });
      },
    },
  };
  return outlet;
}

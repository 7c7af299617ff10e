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
}

const PART_SIZE = 100;

/** A place in memory with Discord's manners: nonces, edits, messages that others may remove. */
export function createFakeOutlet({ editIntervalMs = 0 } = {}): FakeOutlet {
  const messages: FakeMessage[] = [];
  const faults: FakeOutlet["faults"] = [];
  let nonces = new Map<string, FakeMessage>();
  let working = 0;
  let count = 0;

  const fault = (on: "send" | "edit" | "remove", when: "before" | "after") => {
    const index = faults.findIndex((each) => each.on === on && each.when === when);
    if (index === -1) return;
    faults.splice(index, 1);
    throw new Error(`scripted ${on} failure ${when} it took effect`);
  };
  const sent = ({ id, content }: FakeMessage): Sent => ({ kind: "sent", messageId: id, content });

  return {
    messages,
    faults,
    forgetNonces: () => {
      nonces = new Map();
    },
    workingNow: () => working,
    async send(_place, part: OutgoingPart, signal) {
      signal.throwIfAborted();
      fault("send", "before");
      const known = nonces.get(part.nonce);
      if (known) return sent(known);
      const { nonce, content, running, replyTo, follows } = part;
      const message = { id: `m${++count}`, nonce, content, running, replyTo, follows, edits: 0 };
      messages.push(message);
      nonces.set(nonce, message);
      fault("send", "after");
      return sent(message);
    },
    async edit(_place, messageId, part, signal) {
      signal.throwIfAborted();
      fault("edit", "before");
      const message = messages.find(({ id }) => id === messageId);
      if (!message) return { kind: "gone" };
      message.content = part.content;
      message.running = part.running;
      message.edits++;
      fault("edit", "after");
      return sent(message);
    },
    async remove(_place, messageId) {
      fault("remove", "before");
      const index = messages.findIndex(({ id }) => id === messageId);
      if (index !== -1) messages.splice(index, 1);
    },
    async find(_place, part, others) {
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
}

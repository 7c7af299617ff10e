import type { ConversationId, TurnId } from "./ids.ts";
import type { Conversation } from "./message.ts";
import type { OutgoingPart, Outlet, Sent, TurnEvent, TurnWatcher } from "./outlet.ts";

/** Messages whose nonce is remembered; far more than a person gets answered within the 60 s that are promised. */
const MAX_REMEMBERED = 256;
/** Listeners of all conversations together. */
const MAX_LISTENERS = 64;
/** What a newcomer hears of a turn that runs; beyond that the oldest is left out. */
const MAX_JOURNAL = 256;
const EDIT_INTERVAL_MS = 60;

/** The longest question that places in this process take: a long letter. */
export const MAX_QUESTION_CHARS = 16_000;

interface LocalMessage {
  readonly id: string;
  readonly turnId: TurnId;
  /** All of it, Markdown. */
  readonly text: string;
  /** True while it still grows. */
  readonly running: boolean;
}

export type LocalEvent =
  /** Clara began or ceased to work on something in this conversation; it ceases also when the process gives a turn back. */
  | { readonly type: "working"; readonly isWorking: boolean }
  /** A new message, or new words of one that was shown before. */
  | { readonly type: "message-shown"; readonly message: LocalMessage }
  | { readonly type: "message-removed"; readonly messageId: string }
  | (TurnEvent & { readonly turnId: TurnId });

/** Called at once and in order; must not throw. */
type LocalListener = (event: LocalEvent) => void;

/** Where answers appear that somebody reads in this very process: a browser tab, a terminal. */
export interface LocalOutlet extends Outlet {
  /** Tells the conversation's listeners what a turn does. */
  readonly watch: TurnWatcher;
  /**
   * First the listener hears what runs already, within this call, then what happens. Returns how to stop listening;
   * null when MAX_LISTENERS listen.
   */
  readonly listen: (conversation: ConversationId, listener: LocalListener) => (() => void) | null;
}

/**
 * An outlet without a wire. It keeps no answers: a message is known while it runs and a little longer, after that the
 * transcript has it. An edit of a message that it does not know (after a restart) shows the message whole.
 */
export function createLocalOutlet(): LocalOutlet {
  const remembered = new Map<string, LocalMessage>();
  const listeners = new Map<ConversationId, Set<LocalListener>>();
  // One for each conversation where a turn runs, so the limit on running turns is its bound.
  const journals = new Map<ConversationId, Map<string, LocalEvent>>();
  let entries = 0;

  function tell(conversation: ConversationId, event: LocalEvent): void {
    const journal = journals.get(conversation);
    if (journal) {
      // The newest words of a message replace older ones, in their place.
      const key = event.type === "message-shown" ? event.message.id : `event ${entries++}`;
      journal.set(key, event);
      if (event.type === "message-removed") journal.delete(event.messageId);
      dropOldest(journal, MAX_JOURNAL);
    }
    for (const listener of listeners.get(conversation) ?? []) listener(event);
  }

  function show(place: Conversation, id: string, part: OutgoingPart): LocalMessage {
    const message = { id, turnId: part.turnId, text: part.content, running: part.running };
    remembered.delete(id);
    remembered.set(id, message);
    dropOldest(remembered, MAX_REMEMBERED);
    tell(place.id, { type: "message-shown", message });
    return message;
  }

  function working(place: Conversation, signal: AbortSignal): void {
    if (signal.aborted) return;
    const journal = new Map<string, LocalEvent>();
    journals.set(place.id, journal);
    tell(place.id, { type: "working", isWorking: true });
    const cease = () => {
      // Another turn may have begun before this one was told to end.
      if (journals.get(place.id) !== journal) return;
      journals.delete(place.id);
      tell(place.id, { type: "working", isWorking: false });
    };
    signal.addEventListener("abort", cease, { once: true });
  }

  function listen(conversation: ConversationId, listener: LocalListener): (() => void) | null {
    const all = [...listeners.values()].reduce((count, { size }) => count + size, 0);
    if (all >= MAX_LISTENERS) return null;
    for (const event of journals.get(conversation)?.values() ?? []) listener(event);
    const here = listeners.get(conversation) ?? new Set();
    listeners.set(conversation, here.add(listener));
    return () => {
      here.delete(listener);
      if (here.size === 0 && listeners.get(conversation) === here) listeners.delete(conversation);
    };
  }

  return {
    async send(place, part, signal) {
      signal.throwIfAborted();
      // The nonce is the id: the same send yields the same message, also after a restart.
      return toSent(remembered.get(part.nonce) ?? show(place, part.nonce, part));
    },
    async edit(place, messageId, part, signal) {
      signal.throwIfAborted();
      return toSent(show(place, messageId, part));
    },
    async remove(place, messageId) {
      remembered.delete(messageId);
      tell(place.id, { type: "message-removed", messageId });
    },
    async find() {
      return null;
    },
    voice: {
      render: (text) => (text === "" ? [] : [{ content: text, file: null }]),
      editIntervalMs: EDIT_INTERVAL_MS,
      showsTools: true,
      working,
    },
    watch: (place, turnId, event) => tell(place.id, { ...event, turnId }),
    listen,
  };
}

const toSent = ({ id, text }: LocalMessage): Sent => ({
  kind: "sent",
  messageId: id,
  content: text,
});

function dropOldest(map: Map<string, unknown>, limit: number): void {
  for (const key of map.keys()) {
    if (map.size <= limit) return;
    map.delete(key);
  }
}

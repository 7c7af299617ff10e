import assert from "node:assert/strict";
import type { Clock } from "../core/clock.ts";
import type { ConversationId } from "../core/ids.ts";
import { conversationId, messageId, turnIdOf, userId } from "../core/ids.ts";
import type { LocalOutlet } from "../core/local-outlet.ts";
import type { Conversation, IncomingMessage } from "../core/message.ts";
import type { Tier } from "../core/model.ts";
import type { Principal, Scope } from "../core/principal.ts";
import type { Inbox, TurnStore } from "../core/stores.ts";
import type { Answer } from "./answer.ts";
import { follow, noAnswer } from "./answer.ts";

export interface AskDeps {
  readonly inbox: Pick<Inbox, "accept">;
  readonly turns: Pick<TurnStore, "cancel">;
  readonly local: LocalOutlet;
  readonly clock: Clock;
  /** Later ids sort after earlier ones: a UUIDv7. */
  readonly createId: () => string;
  /** Tells whoever runs turns that one was just cancelled. */
  readonly poke: () => void;
}

export interface Question {
  readonly conversation: ConversationId;
  readonly text: string;
  readonly tier: Tier | null;
}

export interface Asked {
  /** The whole answer, when its turn is over; null when the signal fired first. */
  readonly answer: Promise<Answer | null>;
  /** Asks whoever answers to leave it at that; the answer still comes, as far as it got. */
  readonly stop: () => Promise<void>;
}

/** Who sits at this terminal: one person, without a sign-in. */
const localPerson: Principal = {
  platform: "terminal",
  userId: userId("terminal:local"),
  displayName: "Guest",
  guildId: null,
  roleIds: [],
  permissions: 0n,
  via: "terminal",
};

const scope: Scope = {
  principal: localPerson,
  audience: { kind: "private", userId: localPerson.userId },
};

/** A conversation that nobody had before. */
export const newConversation = ({ createId }: Pick<AskDeps, "createId">): ConversationId =>
  conversationId(`terminal:${createId()}`);

/** Asks one question. `onChange` gets the answer as it grows. `answer` rejects when the question cannot be stored. */
export function ask(
  deps: AskDeps,
  { conversation, text, tier }: Question,
  onChange: (answer: Answer) => void,
  signal: AbortSignal,
): Asked {
  const message: IncomingMessage = {
    id: messageId(`terminal:${deps.createId()}`),
    conversation: toConversation(conversation),
    author: localPerson,
    authorIsBot: false,
    text,
    replyTo: null,
    attachments: [],
    sentAt: deps.clock.now(),
  };
  const turnId = turnIdOf(message.id);

  async function answer(): Promise<Answer | null> {
    const { promise: over, resolve } = Promise.withResolvers<Answer | null>();
    let answered = noAnswer;
    const stopListening = deps.local.listen(conversation, (event) => {
      answered = follow(answered, turnId, event);
      onChange(answered);
      if (answered.end) resolve(answered);
    });
    assert(stopListening, "Nobody but the one terminal listens here");
    const leave = () => resolve(null);
    signal.addEventListener("abort", leave);
    try {
      await deps.inbox.accept(scope, message, { trigger: "local", tier }, () => null);
      return signal.aborted ? null : await over;
    } finally {
      signal.removeEventListener("abort", leave);
      stopListening();
    }
  }

  return {
    answer: answer(),
    async stop() {
      await deps.turns.cancel(scope, turnId, "stopped");
      deps.poke();
    },
  };
}

const toConversation = (id: ConversationId): Conversation => ({
  id,
  platform: "terminal",
  kind: "local",
  guildId: null,
  channelId: id,
  parentId: null,
  title: "Terminal",
  audience: scope.audience,
});

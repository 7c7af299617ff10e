import assert from "node:assert/strict";
import { decisionLine, type Approval, type Approvals, type Decided } from "../core/approvals.ts";
import type { Clock } from "../core/clock.ts";
import type { ConversationId, TurnId } from "../core/ids.ts";
import { conversationId, messageId, turnIdOf, userId } from "../core/ids.ts";
import type { LocalEvent, LocalOutlet } from "../core/local-outlet.ts";
import type { Conversation, IncomingMessage } from "../core/message.ts";
import type { Tier } from "../core/model.ts";
import type { Principal, Scope } from "../core/principal.ts";
import type { Inbox, TurnStore } from "../core/stores.ts";
import { whyUndecided, type TypedDecision } from "../core/typed-decision.ts";
import type { Answer } from "./answer.ts";
import { follow, noAnswer } from "./answer.ts";

export interface AskDeps {
  readonly inbox: Pick<Inbox, "accept">;
  readonly turns: Pick<TurnStore, "cancel">;
  readonly approvals: Pick<Approvals, "decide">;
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
  const begin = async () => {
    await deps.inbox.accept(scope, message, { trigger: "local", tier }, () => null);
    return turnId;
  };
  const answer = followTurn(deps.local, conversation, begin, onChange, signal);
  return { answer, stop: () => stopTurn(deps, turnId) };
}

export type DecidedHere =
  | { readonly kind: "asked"; readonly line: string; readonly asked: Asked }
  /** Words for the person. */
  | { readonly kind: "refused"; readonly why: string };

/** Decides on a call that waits; the turn that tells what came of it is followed like another. */
export async function decide(
  deps: AskDeps,
  conversation: ConversationId,
  typed: TypedDecision,
  onChange: (answer: Answer) => void,
  signal: AbortSignal,
): Promise<DecidedHere> {
  const decided = Promise.withResolvers<Decided>();
  const begin = async () => {
    const trigger = ({ id }: Approval) => messageId(`terminal:${id}`);
    const decision = { ...typed, trigger, tellsDenial: true };
    const found = await deps.approvals.decide(scope, conversation, decision);
    decided.resolve(found);
    return found.kind === "decided" ? found.turnId : null;
  };
  const answer = followTurn(deps.local, conversation, begin, onChange, signal);
  answer.catch(decided.reject);
  const found = await decided.promise;
  if (found.kind !== "decided") return { kind: "refused", why: whyUndecided(found) };
  const { turnId } = found;
  const stop = async () => (turnId === null ? undefined : stopTurn(deps, turnId));
  return {
    kind: "asked",
    line: decisionLine(found.approval, typed.choice),
    asked: { answer, stop },
  };
}

async function stopTurn({ turns, poke }: AskDeps, turnId: TurnId): Promise<void> {
  await turns.cancel(scope, turnId, "stopped");
  poke();
}

/** Begins a turn and follows it to its end. null when there is none, or when the signal fired first. */
async function followTurn(
  local: LocalOutlet,
  conversation: ConversationId,
  begin: () => Promise<TurnId | null>,
  onChange: (answer: Answer) => void,
  signal: AbortSignal,
): Promise<Answer | null> {
  const { promise: over, resolve } = Promise.withResolvers<Answer | null>();
  let answered = noAnswer;
  let turnId: TurnId | null = null;
  // What happens before it is known which turn it is.
  const early: LocalEvent[] = [];
  const hear = (event: LocalEvent) => {
    if (turnId === null) return void early.push(event);
    answered = follow(answered, turnId, event);
    onChange(answered);
    if (answered.end) resolve(answered);
  };
  const stopListening = local.listen(conversation, hear);
  assert(stopListening, "Nobody but the one terminal listens here");
  const leave = () => resolve(null);
  signal.addEventListener("abort", leave);
  try {
    turnId = await begin();
    if (turnId === null || signal.aborted) return null;
    early.splice(0).forEach(hear);
    return await over;
  } finally {
    signal.removeEventListener("abort", leave);
    stopListening();
  }
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

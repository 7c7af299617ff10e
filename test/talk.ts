import assert from "node:assert/strict";
import { conversationId, guildId, messageId, type GuildId, type TurnId } from "../src/core/ids.ts";
import type { Conversation, IncomingMessage } from "../src/core/message.ts";
import type { Principal, Scope } from "../src/core/principal.ts";
import type { Accepted, Answering, Claim, ClaimedJob } from "../src/core/stores.ts";
import type { Lease, TurnOutcome } from "../src/core/turn.ts";
import type { Store } from "../src/store/start-store.ts";
import { dmWith, principal } from "./turns.ts";

/** A place of a test's own, with people in it. */
export interface Place {
  readonly conversation: Conversation;
  readonly scope: (name: string, change?: Partial<Principal>) => Scope;
  /** Each message is newer than all before. */
  readonly message: (
    name: string,
    text: string,
    change?: Partial<IncomingMessage>,
  ) => IncomingMessage;
}

let made = 0;
/** Never the same twice, and growing. */
export const newId = (): string => String(100_000_000_000 + ++made);

const MANAGE_MESSAGES = 0x2000n;
export const MANAGER: Partial<Principal> = { permissions: MANAGE_MESSAGES };

export function newChannel(guild: GuildId = guildId(`discord:${newId()}`)): Place {
  const channelId = newId();
  const id = conversationId(`discord:channel:${channelId}`);
  return placeAt({
    id,
    platform: "discord",
    kind: "channel",
    guildId: guild,
    channelId,
    parentId: null,
    title: "#general",
    audience: { kind: "channel", conversationId: id, guildId: guild },
  });
}

/** A name of a test's own: people are known by it across all tests of a store. */
export const newName = (name: string): string => `${name}-${newId()}`;

export const newDm = (name: string): Place => placeAt(dmWith(name));

function placeAt(conversation: Conversation): Place {
  const scope: Place["scope"] = (name, change = {}) => ({
    principal: principal(name, { guildId: conversation.guildId, ...change }),
    audience: conversation.audience,
  });
  return {
    conversation,
    scope,
    message(name, text, change = {}) {
      const id = newId();
      return {
        id: messageId(`discord:${id}`),
        conversation,
        author: scope(name).principal,
        authorIsBot: false,
        text,
        replyTo: null,
        attachments: [],
        sentAt: new Date(Date.UTC(2026, 0, 1) + Number(id.slice(-8)) * 1_000),
        ...change,
      };
    },
  };
}

export const scopeOfMessage = ({ author, conversation }: IncomingMessage): Scope => ({
  principal: author,
  audience: conversation.audience,
});

const noNotice = (): null => null;

export const accept = (
  store: Pick<Store, "inbox">,
  message: IncomingMessage,
  answering: Partial<Answering> = {},
  notice: (ahead: number) => string | null = noNotice,
): Promise<Accepted> =>
  store.inbox.accept(
    scopeOfMessage(message),
    message,
    { trigger: "mention", tier: null, ...answering },
    notice,
  );

export const hear = (store: Pick<Store, "inbox">, ...messages: IncomingMessage[]): Promise<void> =>
  store.inbox.hear(messages.map((message) => ({ scope: scopeOfMessage(message), message })));

/** Accepts a message and gives its turn. */
export async function ask(
  store: Pick<Store, "inbox">,
  message: IncomingMessage,
  answering: Partial<Answering> = {},
): Promise<TurnId> {
  const accepted = await accept(store, message, answering);
  assert(accepted.kind === "queued");
  return accepted.turnId;
}

export type Claimed = Extract<Claim, { kind: "claimed" }>;

export interface Started {
  readonly job: ClaimedJob;
  readonly claim: Claimed;
  readonly lease: Lease;
}

type Working = Pick<Store, "queue" | "turns">;

/** Jobs that were fetched along with those that a test asked for. */
const fetched = new WeakMap<Store["queue"], Map<TurnId, ClaimedJob>>();

/** Takes the job of a turn from the queue. Fails when the queue does not give it. */
export async function take({ queue }: Pick<Store, "queue">, turnId: TurnId): Promise<ClaimedJob> {
  const known = fetched.get(queue) ?? new Map<TurnId, ClaimedJob>();
  fetched.set(queue, known);
  for (const job of await queue.fetch(64)) known.set(job.turnId, job);
  const job = known.get(turnId);
  assert(job, `${turnId} is not to be had`);
  known.delete(turnId);
  return job;
}

/** Takes the turn's job and claims the turn. */
export async function start(store: Working, turnId: TurnId): Promise<Started> {
  const job = await take(store, turnId);
  return { job, ...(await claim(store, job)) };
}

export async function claim(
  { turns }: Pick<Store, "turns">,
  job: ClaimedJob,
): Promise<Pick<Started, "claim" | "lease">> {
  const taken = await turns.claim(job);
  assert(taken.kind === "claimed");
  const { id, generation } = taken.turn;
  return { claim: taken, lease: { turnId: id, generation } };
}

export const answered = (answer: string | null, detail = "answered"): TurnOutcome => ({
  state: "done",
  detail,
  answer,
});

/** Answers a turn in one part: its message is `messageId`. */
export async function answer(
  store: Working & Pick<Store, "outbox">,
  { job, lease }: Pick<Started, "job" | "lease">,
  text: string,
  sentAs: string = newId(),
): Promise<string> {
  await store.outbox.plan(lease, [{ content: text, file: null }], answered(text));
  await store.outbox.settle(lease, 0, "done", sentAs);
  await store.turns.finish(lease, job, answered(text));
  return sentAs;
}

/** A question and its answer, whole. Gives the turn and the platform's id of the answer. */
export async function converse(
  store: Working & Pick<Store, "outbox" | "inbox">,
  question: IncomingMessage,
  text: string,
): Promise<{ readonly turnId: TurnId; readonly answerId: string }> {
  const turnId = await ask(store, question);
  return { turnId, answerId: await answer(store, await start(store, turnId), text) };
}

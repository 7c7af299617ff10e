import type { MessageId, TurnId } from "../src/core/ids.ts";
import type { IncomingMessage } from "../src/core/message.ts";
import type { Scope } from "../src/core/principal.ts";
import type { StepCost } from "../src/core/turn.ts";
import type { TestStore } from "./open-test-store.ts";
import type { Place, Started } from "./talk.ts";

/** What one place holds, and whoever asks for it from elsewhere must not see or change. */
export interface Canary {
  readonly place: Place;
  readonly name: string;
  readonly words: string;
  readonly heard: IncomingMessage;
  readonly answerId: MessageId;
  readonly running: Started;
  readonly waiting: TurnId;
}

/** A function of a store: how it keeps to the scope. */
export type Entry =
  /** Is called with scopes that must not reach the canary; gives what it shows. */
  | {
      readonly takes: "scope";
      readonly call: (from: Call) => Promise<unknown>;
      /** True when it belongs to the guild, and who may do it there is the gate's to say. */
      readonly withinGuild?: boolean;
    }
  /** Writes one turn, for the worker that holds it; leases.test.ts walks these. */
  | { readonly takes: "lease" }
  /** Touches no words of people, or acts on what the platform itself told. In words why. */
  | { readonly takes: "neither"; readonly because: string };

export interface Call {
  readonly store: TestStore;
  readonly scope: Scope;
  readonly canary: Canary;
}

const COST: StepCost = {
  provider: "p",
  model: "m",
  usage: {
    inputTokens: 1,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 1,
    costUsd: 1,
    estimated: false,
  },
};
export const EVER = new Date(0);

/** Every function of every store. One that is not here fails the test: say how it keeps to the scope. */
export const CATALOGUE: Readonly<Record<string, Entry>> = {
  "inbox.accept": {
    takes: "scope",
    call: ({ store, scope, canary: { heard } }) =>
      store.inbox.accept(scope, heard, { trigger: "mention", tier: null }, () => null),
  },
  "inbox.hear": {
    takes: "scope",
    call: ({ store, scope, canary: { place, name } }) =>
      store.inbox.hear([{ scope, message: place.message(name, "forged") }]),
  },
  "inbox.revise": {
    takes: "scope",
    call: ({ store, scope, canary: { heard } }) => store.inbox.revise(scope, heard.id, "forged"),
  },
  "inbox.forget": {
    takes: "neither",
    because: "the platform told that the messages are gone; it only takes words away, by id",
  },
  "inbox.watermarks": {
    takes: "neither",
    because: "the program reads on where it left off; it gives places and ids, no words",
  },
  "turns.claim": { takes: "lease" },
  "turns.finish": { takes: "lease" },
  "turns.interrupted": { takes: "lease" },
  "turns.cancel": {
    takes: "scope",
    call: ({ store, scope, canary: { running } }) =>
      store.turns.cancel(scope, running.lease.turnId, "stopped"),
  },
  "turns.openTurn": {
    takes: "scope",
    call: ({ store, scope, canary: { place } }) =>
      store.turns.openTurn(scope, place.conversation.id),
  },
  "queue.fetch": { takes: "neither", because: "jobs are ids" },
  "queue.touch": { takes: "neither", because: "jobs are ids" },
  "queue.release": { takes: "neither", because: "jobs are ids" },
  "queue.drop": { takes: "neither", because: "jobs are ids" },
  "queue.onWork": { takes: "neither", because: "it only wakes" },
  "steps.begin": { takes: "lease" },
  "steps.end": { takes: "lease" },
  "outbox.open": { takes: "lease" },
  "outbox.plan": { takes: "lease" },
  "outbox.settle": { takes: "lease" },
  "outbox.sent": {
    takes: "neither",
    because: "it adds the platform's id to a part; knowing an id is true whoever learnt it",
  },
  "transcript.recent": {
    takes: "scope",
    call: ({ store, scope, canary: { place } }) =>
      store.transcript.recent(scope, place.conversation.id, { limit: 50, upTo: null, after: null }),
  },
  "transcript.chain": {
    takes: "scope",
    call: ({ store, scope, canary: { answerId } }) => store.transcript.chain(scope, answerId, 10),
  },
  "transcript.search": {
    takes: "scope",
    call: ({ store, scope, canary: { place, words } }) =>
      store.transcript.search(scope, place.conversation.id, { words, from: null, limit: 10 }),
  },
  "transcript.summary": {
    takes: "scope",
    call: ({ store, scope, canary: { place } }) =>
      store.transcript.summary(scope, place.conversation.id),
  },
  "transcript.saveSummary": {
    takes: "scope",
    call: ({ store, scope, canary: { place, heard } }) =>
      store.transcript.saveSummary(scope, place.conversation.id, {
        text: "forged",
        upTo: heard.id,
        upToAt: heard.sentAt,
      }),
  },
  "ledger.spent": {
    takes: "scope",
    call: async ({ store, scope, canary: { place } }) => {
      const spent = await store.ledger.spent(scope, place.conversation.id, "channel", EVER);
      return spent.turns === 0 && spent.costUsd === 0 ? null : spent;
    },
  },
  "ledger.reserve": {
    takes: "scope",
    call: ({ store, scope, canary: { place, running } }) =>
      store.ledger.reserve(scope, running.lease, place.conversation.id, [], EVER, 1),
  },
  "ledger.charge": {
    takes: "scope",
    call: ({ store, scope, canary: { place } }) =>
      store.ledger.charge(scope, place.conversation.id, {
        purpose: "summary",
        turnId: null,
        cost: COST,
      }),
  },
  "gateLog.record": { takes: "neither", because: "it writes ids and a reason, no words" },
  "gateLog.about": {
    takes: "scope",
    call: ({ store, scope, canary: { heard } }) => store.gateLog.about(scope, heard.id),
  },
  "gateLog.tidy": { takes: "neither", because: "it removes what is old" },
  "channels.modes": { takes: "neither", because: "a channel's mode is no person's" },
  "channels.setMode": {
    takes: "scope",
    withinGuild: true,
    call: ({ store, scope, canary: { place } }) =>
      store.channels.setMode(scope, place.conversation.channelId, "active"),
  },
  "notes.get": { takes: "neither", because: "notes are the program's own" },
  "notes.set": { takes: "neither", because: "notes are the program's own" },
  "secrets.forgetAll": { takes: "neither", because: "it takes the owner, and is bound to him" },
  "secrets.put": { takes: "neither", because: "it takes the owner, and is bound to him" },
  "secrets.get": { takes: "neither", because: "it takes the owner, and is bound to him" },
  "secrets.remove": { takes: "neither", because: "it takes the owner, and is bound to him" },
  "secrets.names": { takes: "neither", because: "it takes the owner, and is bound to him" },
  "secrets.rewrap": {
    takes: "neither",
    because: "it moves seals to another key and shows nothing",
  },
  "files.own": { takes: "neither", because: "it gives what the scope's principal keeps" },
  "files.add": { takes: "neither", because: "what is added belongs to the scope's principal" },
  "files.find": {
    takes: "scope",
    call: ({ store, scope }) => store.files.find(scope, null, 10),
  },
  "files.remove": {
    takes: "neither",
    because:
      "it takes away only what the scope's principal keeps; file-store.test.ts tries another",
  },
  "components.forgetAll": { takes: "neither", because: "it takes the owner" },
  "components.keep": { takes: "neither", because: "what is kept belongs to the scope's principal" },
  "components.press": {
    takes: "neither",
    because: "only the owner's own press gives anything; components.test.ts tries another's",
  },
  "components.release": { takes: "neither", because: "it takes an id that only a press has told" },
  "components.tidy": { takes: "neither", because: "it removes what is old" },
  "settings.forgetAll": { takes: "neither", because: "it takes the person" },
  "settings.of": {
    takes: "scope",
    withinGuild: true,
    call: async ({ store, scope, canary: { place } }) => {
      const { person, channel, guild } = await store.settings.of(scope, place.conversation);
      return [person, channel, guild].flatMap((each) =>
        Object.values(each).filter((value) => value !== null),
      );
    },
  },
  "settings.change": {
    takes: "scope",
    withinGuild: true,
    call: ({ store, scope, canary: { place } }) =>
      store.settings.change(scope, place.conversation, "channel", { language: "German" }),
  },
  "usage.lines": {
    takes: "scope",
    call: ({ store, scope, canary: { place } }) =>
      store.usage.lines(scope, place.conversation, {
        holder: "channel",
        by: "person",
        since: EVER,
        limit: 10,
      }),
  },
  "summaries.add": { takes: "neither", because: "within the transaction that ends a turn; an id" },
  "summaries.serve": {
    takes: "neither",
    because: "it hands out jobs with the scope of the turn that they belong to",
  },
  ping: { takes: "neither", because: "it asks nothing" },
};

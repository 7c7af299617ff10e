import { describe, expect, test } from "vitest";
import { describeStore, share, type TestStore } from "../../test/open-test-store.ts";
import {
  answered,
  ask,
  converse,
  MANAGER,
  newChannel,
  newDm,
  newName,
  start,
  type Place,
  type Started,
} from "../../test/talk.ts";
import type { MessageId, TurnId } from "../core/ids.ts";
import { guildId, messageId, userId } from "../core/ids.ts";
import type { IncomingMessage } from "../core/message.ts";
import { ScopeError, type Scope } from "../core/principal.ts";
import { LeaseLost, type StepCost } from "../core/turn.ts";

/** What one place holds, and whoever asks for it from elsewhere must not see or change. */
interface Canary {
  readonly place: Place;
  readonly name: string;
  readonly words: string;
  readonly heard: IncomingMessage;
  readonly answerId: MessageId;
  readonly running: Started;
  readonly waiting: TurnId;
}

/** A function of a store: how it keeps to the scope. */
type Entry =
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

interface Call {
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
const EVER = new Date(0);

/** Every function of every store. One that is not here fails the test: say how it keeps to the scope. */
const CATALOGUE: Readonly<Record<string, Entry>> = {
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
  "summaries.add": { takes: "neither", because: "within the transaction that ends a turn; an id" },
  "summaries.serve": {
    takes: "neither",
    because: "it hands out jobs with the scope of the turn that they belong to",
  },
  ping: { takes: "neither", because: "it asks nothing" },
};

/** Every function that the store has now, by the name it is called by. */
function functionsOf(store: object): readonly string[] {
  return Object.entries(store).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === "function") return [name];
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
    return functionsOf(value).map((inner) => `${name}.${inner}`);
  });
}

async function plant(store: TestStore, place: Place, name: string): Promise<Canary> {
  const words = `canary-${newName("")}`;
  const heard = place.message(name, `${words} heard`);
  await store.inbox.hear([{ scope: place.scope(name), message: heard }]);
  const { answerId } = await converse(store, place.message(name, words), `${words} answered`);
  const running = await start(store, await ask(store, place.message(name, `${words} running`)));
  await store.ledger.reserve(place.scope(name), running.lease, place.conversation.id, [], EVER, 3);
  const waiting = await ask(store, place.message(name, `${words} waiting`));
  await store.transcript.saveSummary(place.scope(name), place.conversation.id, {
    text: `${words} summarised`,
    upTo: heard.id,
    upToAt: heard.sentAt,
  });
  await store.gateLog.record([
    {
      messageId: heard.id,
      conversationId: place.conversation.id,
      guildId: place.conversation.guildId,
      authorId: heard.author.userId,
      reason: words,
      at: new Date(),
    },
  ]);
  return {
    place,
    name,
    words,
    heard,
    answerId: messageId(`discord:${answerId}`),
    running,
    waiting,
  };
}

/** Everything in the tables that is about people, but for what changes by itself. */
async function everything(store: TestStore): Promise<unknown> {
  const tables = ["people", "conversations", "messages", "turns", "steps", "outbox", "usage"];
  const more = ["reservations", "summaries", "channel_settings", "gate_decisions"];
  const found: Record<string, unknown> = {};
  for (const table of [...tables, ...more])
    found[table] = await store.query(`select * from ${table} order by 1, 2`);
  return found;
}

/** Who must not reach a canary, from where. */
function strangersTo({ place, name }: Canary): Readonly<Record<string, Scope>> {
  const own = place.scope(name);
  const sameGuild = newChannel(place.conversation.guildId ?? undefined);
  const abroad = newChannel();
  const ben = newName("ben");
  return {
    "somebody else in private": newDm(ben).scope(ben),
    "somebody else in another channel of the guild": sameGuild.scope(ben),
    "the same person in another guild": abroad.scope(name),
    "who keeps order in another guild": abroad.scope(ben, MANAGER),
    "somebody else who claims the same private place": {
      principal: newDm(ben).scope(ben).principal,
      audience: { kind: "private", userId: userId(`discord:${name}`) },
    },
    "a scope whose guilds differ": {
      principal: { ...own.principal, guildId: guildId("discord:elsewhere"), ...MANAGER },
      audience: sameGuild.conversation.audience,
    },
  };
}

const nothing = (shown: unknown): boolean =>
  shown === null ||
  shown === undefined ||
  shown === false ||
  (Array.isArray(shown) && shown.length === 0) ||
  (typeof shown === "object" && "kind" in shown && shown.kind === "unchanged");

const isInGuild = ({ principal }: Scope, { place }: Canary): boolean =>
  principal.guildId !== null && principal.guildId === place.conversation.guildId;

function nullIfRefused(error: unknown): null {
  if (error instanceof ScopeError || error instanceof LeaseLost) return null;
  throw error;
}

const byScope = Object.entries(CATALOGUE).flatMap(([name, entry]) =>
  entry.takes === "scope" ? [[name, entry] as const] : [],
);

const PLACES: readonly (readonly [string, (name: string) => Place])[] = [
  ["a DM", (name) => newDm(name)],
  ["a channel", () => newChannel()],
];

describeStore("The stores", (open) => {
  const store = share(open);

  test("have no function that is not in the catalogue, and the catalogue none that is gone", () => {
    const { query: _, ...rest } = store();

    expect(functionsOf(rest).toSorted()).toEqual(Object.keys(CATALOGUE).toSorted());
  });

  test.each(Object.entries(CATALOGUE).filter(([, { takes }]) => takes === "neither"))(
    "%s says why it needs no scope",
    (_, entry) => {
      expect(entry).toMatchObject({ because: expect.stringMatching(/\w+ \w+/) });
    },
  );

  describe.each(PLACES)("with words in %s,", (_, makePlace) => {
    const canary = share(async () => {
      const name = newName("ana");
      const planted = await plant(store(), makePlace(name), name);
      return { ...planted, [Symbol.asyncDispose]: async () => {} };
    });

    test.each(byScope)("%s shows and changes nothing to strangers", async (_name, entry) => {
      const before = await everything(store());

      for (const [stranger, scope] of Object.entries(strangersTo(canary()))) {
        if (entry.withinGuild === true && isInGuild(scope, canary())) continue;
        const shown = await entry
          .call({ store: store(), scope, canary: canary() })
          .catch(nullIfRefused);
        expect(nothing(shown), `${stranger} sees ${JSON.stringify(shown)}`).toBe(true);
      }

      expect(await everything(store())).toEqual(before);
    });

    test.each(["recent", "chain", "search", "summary"])(
      "transcript.%s shows them to their own",
      async (reading) => {
        const { place, name, words } = canary();
        const entry = CATALOGUE[`transcript.${reading}`];
        const own = { store: store(), scope: place.scope(name), canary: canary() };

        const shown = entry?.takes === "scope" ? await entry.call(own) : null;

        expect(JSON.stringify(shown)).toContain(words);
      },
    );
  });

  test("a channel's words reach those who read there, and no private words do", async () => {
    const name = newName("ana");
    const [dm, channel] = [newDm(name), newChannel()];
    await converse(store(), dm.message(name, "private words"), "private answer");
    await converse(store(), channel.message(name, "public words"), "public answer");
    const readBy = async (scope: Scope) => {
      const lines = await Promise.all(
        [dm, channel].map(({ conversation }) =>
          store().transcript.recent(scope, conversation.id, { limit: 9, upTo: null, after: null }),
        ),
      );
      return lines.flat().map(({ text }) => text);
    };

    expect(await readBy(channel.scope("ben"))).toEqual(["public words", "public answer"]);
    expect(await readBy(channel.scope(name))).toEqual(["public words", "public answer"]);
    expect(await readBy(dm.scope(name))).toEqual(["private words", "private answer"]);
  });

  test("a chain of replies does not lead from one place into another", async () => {
    const name = newName("ana");
    const [dm, channel] = [newDm(name), newChannel()];
    const secret = dm.message(name, "private words");
    const reply = channel.message(name, "about that", { replyTo: secret.id });
    await store().inbox.hear([
      { scope: dm.scope(name), message: secret },
      { scope: channel.scope(name), message: reply },
    ]);

    const lines = await store().transcript.chain(channel.scope(name), reply.id, 10);

    expect(lines.map(({ text }) => text)).toEqual(["about that"]);
  });

  test("a turn's answer is kept for its own readers only, though its worker has no scope", async () => {
    const name = newName("ana");
    const dm = newDm(name);
    const { lease, job } = await start(store(), await ask(store(), dm.message(name, "hm?")));
    await store().turns.finish(lease, job, answered("only for you"));

    const [row] = await store().query("select audience from messages where text = 'only for you'");

    expect(row).toEqual({ audience: `private:discord:${name}` });
  });
});

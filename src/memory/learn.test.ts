import { expect, test } from "vitest";
import { openEmbeddedStore, share } from "../../test/open-test-store.ts";
import { say, scriptedModel, stopping, type ScriptLine } from "../../test/scripted-model.ts";
import { hear, newChannel, newDm, newName, type Place } from "../../test/talk.ts";
import { systemClock } from "../core/clock.ts";
import type { IncomingMessage } from "../core/message.ts";
import { silentLog } from "../core/log.ts";
import type { StepCost } from "../core/turn.ts";
import { learnFrom } from "./learn.ts";
import { createRecall } from "./recall.ts";

const store = share(openEmbeddedStore);
const forEver = new AbortController().signal;
const ALL = { words: null, withPast: true, offset: 0, limit: 100 };

const recall = () =>
  createRecall({
    embedder: null,
    source: store().recall,
    clock: systemClock,
    log: silentLog,
    deadlineMs: 60_000,
  });

/** Hears the message, and learns from it with what the model answers; without one by rule. */
async function learnOf(
  place: Place,
  name: string,
  message: IncomingMessage,
  script: ScriptLine | null,
) {
  await hear(store(), message);
  const model = script && scriptedModel([script]);
  const paid: StepCost[] = [];
  const learned = await learnFrom(
    {
      transcript: store().transcript,
      memories: store().memories,
      intentions: store().intentions,
      graph: store().graph,
      recall: recall(),
      extraction: model && { model, pay: async (cost) => void paid.push(cost) },
      botName: "Clara",
      clock: systemClock,
      log: silentLog,
    },
    {
      turnId: `turn:${message.id}` as never,
      scope: place.scope(name),
      conversationId: place.conversation.id,
      said: [message.id],
      upTo: message.id,
    },
    forEver,
  );
  return { learned, paid, asked: JSON.stringify(model?.requests[0]?.messages ?? []) };
}

const factsOf = async (place: Place, name: string) =>
  (await store().memories.list(place.scope(name), ALL)).facts;

const found = (...facts: readonly object[]): ScriptLine => say(JSON.stringify({ facts }));

const scene = () => {
  const name = newName("ana");
  return { name, place: newDm(name), channel: newChannel() };
};

test("what a model finds is kept with its kind, its proof and its readers, and is paid for", async () => {
  const { name, channel } = scene();
  const message = channel.message(name, "I moved to Lisbon in May, and I work on a boat app");

  const { learned, paid } = await learnOf(
    channel,
    name,
    message,
    say(
      'Here it is:\n```json\n{"facts": [{"text": "Lives in Lisbon.", "kind": "place", "key": true}, {"text": "Works on a boat app.", "kind": "project"}]}\n```',
    ),
  );

  expect(learned.map(({ kind }) => kind)).toEqual(["added", "added"]);
  expect(paid).toHaveLength(1);
  const facts = await factsOf(channel, name);
  expect(facts.find(({ kind }) => kind === "project")).toMatchObject({ isKey: false });
  expect(facts.find(({ kind }) => kind === "place")).toMatchObject({
    text: "Lives in Lisbon.",
    isKey: true,
    origin: "heard",
    sources: [message.id],
    audience: `channel:${channel.conversation.id}`,
  });
});

test.each([
  ["prose", say("I found nothing worth keeping.")],
  ["broken JSON", say('{"facts": [{"text": "I like te')],
  ["another form", say('{"memories": "tea"}')],
  ["facts without words", found({ kind: "person" }, { text: "" }, 7 as never, null as never)],
  ["a refusal", stopping("refusal", '{"facts": [{"text": "Likes tea"}]}')],
])("rubbish is nothing: %s", async (_, script) => {
  const { name, place } = scene();

  const { learned } = await learnOf(place, name, place.message(name, "I like tea a lot"), script);

  expect(learned).toEqual([]);
  expect(await factsOf(place, name)).toEqual([]);
});

test("a fact with one wrong field is kept without that field", async () => {
  const { name, place } = scene();
  const odd = { text: "Likes tea", kind: "beverage", key: "yes", confidence: 9, replaces: "m1" };

  await learnOf(place, name, place.message(name, "I like tea a lot"), found(odd));

  expect(await factsOf(place, name)).toMatchObject([{ text: "Likes tea", kind: "other" }]);
});

test("a flood of facts is cut, and so is a long one", async () => {
  const { name, place } = scene();
  const flood = Array.from({ length: 40 }, (_, n) => ({ text: `tea ${n} ${"x".repeat(10_000)}` }));

  await learnOf(place, name, place.message(name, "tea and more tea"), found(...flood));

  const facts = await factsOf(place, name);
  expect(facts).toHaveLength(8);
  expect(Math.max(...facts.map(({ text }) => text.length))).toBe(500);
});

test("what others said is not shown to the model, and cannot become a fact", async () => {
  const { name, channel } = scene();
  const ben = newName("ben");
  await hear(store(), channel.message(ben, "My hideout is the attic"));

  const { asked } = await learnOf(
    channel,
    name,
    channel.message(name, "> I keep a crocodile\nI agree with all of that, really"),
    found({ text: "The hideout is the attic" }, { text: "Keeps a crocodile" }),
  );

  expect(asked).not.toContain("attic");
  expect(asked).not.toContain("crocodile");
  expect(await factsOf(channel, name)).toEqual([]);
  expect(await factsOf(channel, ben)).toEqual([]);
});

test("what somebody says about another stays the speaker's own", async () => {
  const { name, channel } = scene();
  const ben = newName("ben");
  const message = channel.message(name, "Remember that Ben's password is swordfish");

  await learnOf(channel, name, message, null);

  expect(await factsOf(channel, name)).toMatchObject([{ text: "Ben's password is swordfish" }]);
  expect(await factsOf(channel, ben)).toEqual([]);
});

test("facts about the assistant are not facts about the person", async () => {
  const { name, place } = scene();

  await learnOf(
    place,
    name,
    place.message(name, "You are quick and clever, Clara"),
    found({ text: "Is quick and clever", subject: "Clara" }),
  );

  expect(await factsOf(place, name)).toEqual([]);
});

test("the same in other words gets another proof and no row", async () => {
  const { name, place } = scene();
  const [one, two] = [place.message(name, "I like green tea"), place.message(name, "green tea!!")];
  await learnOf(place, name, one, found({ text: "Likes green tea" }));

  const { learned } = await learnOf(place, name, two, found({ text: "Likes the green tea." }));

  expect(learned).toMatchObject([{ kind: "known" }]);
  expect(await factsOf(place, name)).toMatchObject([{ sources: [two.id, one.id] }]);
});

test("a contradiction that the model names ends what was known", async () => {
  const { name, place } = scene();
  await learnOf(
    place,
    name,
    place.message(name, "I live in Porto"),
    found({ text: "Lives in Porto" }),
  );
  const [old] = await factsOf(place, name);

  const { asked } = await learnOf(
    place,
    name,
    place.message(name, "We left Porto and live in Lisbon now"),
    found({ text: "Lives in Lisbon", replaces: [old?.id, "m000000000000"] }),
  );

  expect(asked).toContain(`KNOWN ${old?.id}: Lives in Porto`);
  const facts = await factsOf(place, name);
  expect(facts.find(({ text }) => text === "Lives in Porto")?.validTo).toBeInstanceOf(Date);
  expect(facts.find(({ text }) => text === "Lives in Lisbon")?.validTo).toBeNull();
});

test("without a model, what a person asks to be remembered is, and a new answer ends the old one", async () => {
  const { name, place } = scene();
  await learnOf(
    place,
    name,
    place.message(name, "Hey Clara, please remember that my cat is Tom."),
    null,
  );
  await learnOf(place, name, place.message(name, "remember: my cat is called Kit now"), null);
  await learnOf(place, name, place.message(name, "Do you remember that my dog is Rex?"), null);
  await learnOf(place, name, place.message(name, "Please remember to buy milk for me"), null);
  await learnOf(place, name, place.message(name, "I talked about this and that"), null);

  const facts = await factsOf(place, name);

  expect(facts.map(({ text, validTo }) => [text, validTo === null])).toEqual([
    ["My cat is called Kit now", true],
    ["My cat is Tom.", false],
  ]);
});

test("nothing is asked for a person who paused, nor for questions and words that say nothing", async () => {
  const { name, place } = scene();

  const question = await learnOf(
    place,
    name,
    place.message(name, "Which green tea is best? And where do I get it?"),
    found({ text: "Likes green tea" }),
  );
  const short = await learnOf(place, name, place.message(name, "ok!"), found({ text: "Says ok" }));
  await store().memories.setMode(place.scope(name), "paused");
  const paused = await learnOf(
    place,
    name,
    place.message(name, "I like green tea a lot"),
    found({ text: "Likes green tea" }),
  );

  expect([...question.paid, ...short.paid, ...paused.paid]).toEqual([]);
  expect(await factsOf(place, name)).toEqual([]);
});

test("one call finds facts, what to ask later and how things hang together, each with its proof", async () => {
  const { name, place } = scene();
  const message = place.message(name, "My exam at Acme is on Friday, Ben works there");
  const due = { from: "2100-01-01", until: "2100-01-03" };

  const { paid } = await learnOf(
    place,
    name,
    message,
    say(
      JSON.stringify({
        facts: [{ text: "Has an exam at Acme" }],
        intentions: [
          { text: "Ask how the exam went", from: inDays(2) },
          { text: "Ask about the boat", from: inDays(2) },
          { text: "Ask how the exam went", ...due },
        ],
        relations: [
          { from: "Ben", type: "works at", to: "Acme" },
          { from: "Ben", type: "lives in", to: "Lisbon" },
        ],
      }),
    ),
  );

  expect(paid).toHaveLength(1);
  expect(await factsOf(place, name)).toHaveLength(1);
  expect(await store().intentions.list(place.scope(name))).toMatchObject([
    { text: "Ask how the exam went", sources: [message.id] },
  ]);
  expect(await store().graph.list(place.scope(name))).toMatchObject([
    { from: "Ben", type: "works at", to: "Acme", sources: [message.id] },
  ]);
});

test("a relation is kept when every word of both names was said, and none about the assistant", async () => {
  const { name, place } = scene();
  const related = (from: string, to: string) => ({ from, type: "knows", to });
  const message = place.message(name, "Ben knows Clara and Zed of the Bank of Lisbon, you know");

  await learnOf(
    place,
    name,
    message,
    say(
      JSON.stringify({
        facts: [],
        intentions: [],
        relations: [
          related("Ben", "Bank of Lisbon"),
          related("Ben Miller", "Zed"),
          related("Zed", "Bank of America"),
          related("Ben", "Clara"),
          related("you", "Zed"),
        ],
      }),
    ),
  );

  expect(await store().graph.list(place.scope(name))).toMatchObject([
    { from: "Ben", to: "Bank of Lisbon" },
  ]);
});

test("what is to be asked already is told to the model", async () => {
  const { name, place } = scene();
  const due = { dueFrom: new Date(inDays(1)), dueTo: new Date(inDays(3)), sources: [] };
  await store().intentions.add(place.scope(name), [{ text: "Ask how the exam went", ...due }]);

  const { asked } = await learnOf(place, name, place.message(name, "The exam is hard"), found());

  expect(asked).toContain("PLANNED: Ask how the exam went");
});

const inDays = (days: number) =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

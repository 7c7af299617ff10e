import { describe, expect, test } from "vitest";
import { EPISODE } from "../../test/scope-catalogue.ts";
import { openEmbeddedStore, share } from "../../test/open-test-store.ts";
import { say, scriptedModel, stopping, type ScriptLine } from "../../test/scripted-model.ts";
import { hear, newChannel, newDm, newName, type Place } from "../../test/talk.ts";
import { systemClock } from "../core/clock.ts";
import type { NewEpisode } from "../core/episodes.ts";
import { silentLog } from "../core/log.ts";
import type { StepCost } from "../core/turn.ts";
import { toQuery } from "../lib/word-index.ts";
import { makeEpisode, readEpisode } from "./make-episode.ts";
import { createEpisodeIndex, rankEpisodes } from "./rank-episodes.ts";
import { createRecall } from "./recall.ts";

const store = share(openEmbeddedStore);
const forEver = new AbortController().signal;
const DAY_MS = 86_400_000;

/** Something was said there, so many days ago, two minutes apart. */
async function talk(place: Place, name: string, daysAgo: number, ...said: readonly string[]) {
  // At noon of that day, whatever time it is now: "yesterday" is a day of the calendar.
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const start = today + DAY_MS / 2 - daysAgo * DAY_MS;
  await hear(
    store(),
    ...said.map((text, n) => place.message(name, text, { sentAt: new Date(start + n * 120_000) })),
  );
}

async function keep(place: Place, name: string, daysAgo: number, change: Partial<NewEpisode>) {
  await talk(place, name, daysAgo, "we talked");
  const [scope, id] = [place.scope(name), place.conversation.id];
  const lines = await store().episodes.ended(scope, id, 60_000);
  expect(await store().episodes.save(scope, id, { ...EPISODE, lines, ...change })).toBe(true);
}

const recalled = async (place: Place, name: string, text: string) => {
  const recall = createRecall({
    embedder: null,
    source: store().recall,
    episodes: store().episodes,
    clock: systemClock,
    log: silentLog,
    deadlineMs: 60_000,
  });
  const { talks } = await recall.about(place.scope(name), { text, given: [], turnId: null });
  return talks;
};

describe("makeEpisode()", () => {
  const six = ["my boat leaks", "badly", "at the stern", "what can I do?", "tar?", "thanks!"];

  async function make(script: ScriptLine, { estimatesTone = true, lines = six } = {}) {
    const [name, place] = [newName("ana"), newChannel()];
    await talk(place, name, 1, ...lines);
    const model = scriptedModel([script]);
    const paid: StepCost[] = [];
    const made = await makeEpisode(
      {
        episodes: store().episodes,
        asking: { model, pay: async (cost) => void paid.push(cost) },
        estimatesTone,
        log: silentLog,
      },
      place.scope(name),
      place.conversation.id,
      forEver,
    );
    const shelf = await store().episodes.shelf(place.scope(name));
    const found = await store().episodes.find(
      place.scope(name),
      shelf.map(({ id }) => id),
    );
    return { made, paid, found, asked: JSON.stringify(model.requests) };
  }
  const found = JSON.stringify({
    summary: "Ana's boat leaks at the stern; tar may help.",
    topics: ["boat", 7, "tar"],
    tone: "worried",
    confidence: 0.8,
  });

  test("keeps what a talk was about with all its lines, and pays for it", async () => {
    const { made, paid, found: kept, asked } = await make(say(`Here: ${found}`));

    expect(made).toBe(true);
    expect(paid).toHaveLength(1);
    expect(asked).toContain("at the stern");
    expect(kept).toMatchObject([{ topics: ["boat", "tar"], tone: "worried", toneConfidence: 0.8 }]);
    expect(kept[0]?.sources).toHaveLength(6);
  });

  test("guesses no tone where that is switched off", async () => {
    const { found: kept } = await make(say(found), { estimatesTone: false });

    expect(kept).toMatchObject([{ tone: null, toneConfidence: 0 }]);
  });

  test.each([
    ["prose", say("They talked.")],
    ["a refusal", stopping("refusal", found)],
    ["no summary", say('{"topics": ["boat"]}')],
  ])("keeps nothing of rubbish: %s", async (_, script) => {
    expect(await make(script)).toMatchObject({ made: false, found: [] });
  });

  test("asks nothing about a short talk", async () => {
    expect(await make(say(found), { lines: ["hi", "hm"] })).toMatchObject({ paid: [] });
  });

  test("takes the pieces that are right", () => {
    const odd = { summary: "A talk about boats", topics: "boat", tone: "furious", confidence: 7 };

    expect(readEpisode(JSON.stringify(odd), true)).toEqual({
      summary: "A talk about boats",
      topics: [],
      tone: null,
      toneConfidence: 0,
    });
  });
});

describe("recall", () => {
  test("finds a talk by its words and by its time, in its place alone", async () => {
    const [name, place] = [newName("ana"), newChannel()];
    await keep(place, name, 40, { summary: "Ana repaired the roof", topics: ["roof"] });
    await keep(place, name, 1, { summary: "Ana baked bread", topics: ["bread"] });
    const summaries = async (text: string, where = place) =>
      (await recalled(where, name, text)).episodes.map(({ summary }) => summary);

    expect(await summaries("What was it with the roof?")).toEqual(["Ana repaired the roof"]);
    expect(await summaries("What did we talk about yesterday?")).toEqual(["Ana baked bread"]);
    expect(await summaries("How are you?")).toEqual([]);
    expect(await summaries("What was it with the roof?", newDm(name))).toEqual([]);
  });

  test("tells what comes up again, and how one's own talks may have felt", async () => {
    const [name, place] = [newName("ana"), newChannel()];
    await keep(place, name, 30, { topics: ["boats"] });
    await keep(place, name, 5, { topics: ["boats", "tar"], tone: "sad", toneConfidence: 0.9 });
    await keep(place, name, 3, { topics: ["Boat"], tone: "calm", toneConfidence: 0.2 });
    await keep(place, name, 2, { topics: ["tea"], tone: "cheerful", toneConfidence: 0.6 });

    const { topics, tones } = await recalled(place, name, "How are you?");
    const bens = await recalled(place, newName("ben"), "How are you?");

    expect(topics).toMatchObject([{ topic: "Boat", talks: 2 }]);
    expect(tones.map(({ tone }) => tone)).toEqual(["sad", "cheerful"]);
    expect(bens.tones).toEqual([]);
  });

  test("shows no talk that was forgotten after it was put on the shelf", async () => {
    const [name, place] = [newName("ana"), newChannel()];
    await keep(place, name, 1, { summary: "Ana baked bread" });
    const text = "What did we talk about yesterday?";
    expect((await recalled(place, name, text)).episodes).toHaveLength(1);
    await store().memories.forgetAll(newDm(name).scope(name));

    expect((await recalled(place, name, text)).episodes).toEqual([]);
  });
});

test("of talks that fit equally well the newest come first", () => {
  const at = new Date("2026-01-01T00:00:00Z");
  const ids = Array.from({ length: 40 }, (_, n) => `e${n}`);
  const same = { summary: "They talked about the boat", topics: [], startsAt: at, endsAt: at };
  const index = createEpisodeIndex(ids.map((id) => ({ id, ...same })));

  expect(rankEpisodes(index, toQuery(["boat"]), null, 3)).toEqual(["e0", "e1", "e2"]);
});

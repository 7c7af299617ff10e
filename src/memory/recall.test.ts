import assert from "node:assert/strict";
import { describe, expect, test } from "vitest";
import { FACT } from "../../test/scope-catalogue.ts";
import { describeStore, share, type TestStore } from "../../test/open-test-store.ts";
import { ask, converse, hear, newChannel, newDm, newName, start } from "../../test/talk.ts";
import { systemClock } from "../core/clock.ts";
import { silentLog } from "../core/log.ts";
import type { Embedder } from "../core/embedder.ts";
import type { NewFact } from "../core/memory.ts";
import type { RecallSource } from "../core/recall.ts";
import type { Scope } from "../core/principal.ts";
import { embedBatch } from "./embedding.ts";
import { createRecall } from "./recall.ts";

const PATIENT_MS = 60_000;
const forEver = new AbortController().signal;

const recallOn = (
  source: RecallSource,
  deadlineMs = PATIENT_MS,
  embedder: Embedder | null = null,
) => createRecall({ source, embedder, clock: systemClock, log: silentLog, deadlineMs });

const question = (text: string) => ({ text, given: [], turnId: null });

const learn = (
  store: TestStore,
  scope: Scope,
  ...facts: readonly (Partial<NewFact> & { text: string })[]
) =>
  store.memories.learn(
    scope,
    facts.map((fact) => ({ ...FACT, ...fact })),
  );

async function factsFor(store: TestStore, scope: Scope, text: string) {
  const { always, facts } = await recallOn(store.recall).about(scope, question(text));
  return [...always, ...facts].map((fact) => fact.text);
}

describeStore("Recall", (open) => {
  const store = share(open);

  test("finds the fact that has the question's words in other forms", async () => {
    const ana = newName("ana");
    const scope = newDm(ana).scope(ana);
    await learn(
      store(),
      scope,
      { text: "Runs marathons in Berlin" },
      { text: "Owns a red bicycle" },
    );

    const found = await factsFor(store(), scope, "When did I last go running?");

    expect(found).toEqual(["Runs marathons in Berlin"]);
  });

  test("gives preferences and instructions always, and other people's never so", async () => {
    const [ana, ben, place] = [newName("ana"), newName("ben"), newChannel()];
    await learn(store(), place.scope(ana), { text: "Answer in French", kind: "instruction" });
    await learn(store(), place.scope(ben), { text: "Answer in Dutch", kind: "instruction" });

    const { always, facts } = await recallOn(store().recall).about(
      place.scope(ana),
      question("What is the tallest mountain?"),
    );

    expect(always.map(({ text }) => text)).toEqual(["Answer in French"]);
    expect(facts).toEqual([]);
  });

  test("knows in private what was said in a channel, and in the channel nothing private", async () => {
    const ana = newName("ana");
    const [dm, place] = [newDm(ana), newChannel()];
    await learn(store(), dm.scope(ana), { text: "Has a secret boat" });
    await learn(store(), place.scope(ana), { text: "Has a public boat" });

    expect(await factsFor(store(), place.scope(ana), "my boat")).toEqual(["Has a public boat"]);
    expect((await factsFor(store(), dm.scope(ana), "my boat")).toSorted()).toEqual([
      "Has a public boat",
      "Has a secret boat",
    ]);
    expect(await factsFor(store(), newDm("ben").scope("ben"), "a boat")).toEqual([]);
  });

  test("sees at once what another process has changed", async () => {
    const ana = newName("ana");
    const scope = newDm(ana).scope(ana);
    const recall = recallOn(store().recall);
    const about = async () =>
      (await recall.about(scope, question("Which tea do I like?"))).facts.map(({ text }) => text);
    await learn(store(), scope, { text: "Likes green tea" });
    const before = await about();

    const [learned] = await learn(store(), scope, { text: "Likes black tea" });
    const after = await about();
    if (learned && learned.kind !== "refused") await store().memories.forget(scope, learned.id);

    expect(before).toEqual(["Likes green tea"]);
    expect(after.toSorted()).toEqual(["Likes black tea", "Likes green tea"]);
    expect(await about()).toEqual(["Likes green tea"]);
  });

  test("quotes what was said long ago, with the line beside it, and not what is given anyway", async () => {
    const [ana, ben, place] = [newName("ana"), newName("ben"), newChannel()];
    const asked = place.message(ana, "Where shall we meet for the picnic?");
    const told = place.message(ben, "Under the big oak, at noon.");
    const chatter = Array.from({ length: 30 }, (_, index) =>
      place.message(ben, `Nothing of interest number ${index}`, {
        sentAt: new Date(Date.UTC(2026, 1, 1 + index)),
      }),
    );
    await hear(store(), asked, told, ...chatter);
    const recall = recallOn(store().recall);

    const found = await recall.about(place.scope(ana), question("Where was the picnic to be?"));
    const again = await recall.about(place.scope(ana), {
      ...question("Where was the picnic to be?"),
      given: [asked.id, told.id],
    });

    expect(found.messages.map(({ id }) => id)).toEqual([asked.id, told.id]);
    expect(again.messages).toEqual([]);
  });

  test("finds new lines and Clara's own answers without reading all lines anew", async () => {
    const [ana, place] = [newName("ana"), newChannel()];
    const recall = recallOn(store().recall);
    const about = async () =>
      (await recall.about(place.scope(ana), question("zebra enclosure"))).messages.map(
        ({ role }) => role,
      );
    await hear(store(), place.message(ana, "We saw the zebra enclosure"));
    expect(await about()).toEqual(["person"]);

    await converse(
      store(),
      place.message(ana, "Is it open?"),
      "The zebra enclosure opens at nine.",
    );

    expect(await about()).toContain("clara");
  });

  test("shows no words of a message that was deleted since it was ranked", async () => {
    const [ana, place] = [newName("ana"), newChannel()];
    const said = place.message(ana, "My locker code is quokka");
    await hear(store(), said);
    const recall = recallOn(store().recall);
    expect((await recall.about(place.scope(ana), question("quokka"))).messages).toHaveLength(1);

    await store().inbox.forget([said.id]);

    expect((await recall.about(place.scope(ana), question("quokka"))).messages).toEqual([]);
  });

  test("uses nothing for a person who switched memory off", async () => {
    const [ana, place] = [newName("ana"), newChannel()];
    await learn(store(), place.scope(ana), { text: "Likes tea" });
    await hear(store(), place.message(ana, "I like tea"));
    await store().memories.setMode(newDm(ana).scope(ana), "off");

    const own = await recallOn(store().recall).about(place.scope(ana), question("tea"));
    const bens = await recallOn(store().recall).about(place.scope(newName("ben")), question("tea"));

    expect(own.state).toBe("off");
    expect([...bens.facts, ...bens.messages]).toEqual([]);
  });

  test("answers with nothing when the store is late or broken", async () => {
    const ana = newName("ana");
    const scope = newDm(ana).scope(ana);
    const silent: RecallSource = { ...store().recall, state: () => new Promise(() => {}) };
    const broken: RecallSource = {
      ...store().recall,
      messageShelf: async () => {
        throw new Error("no database");
      },
    };

    expect((await recallOn(silent, 1).about(scope, question("tea"))).state).toBe("late");
    expect((await recallOn(broken).about(scope, question("tea"))).state).toBe("failed");
  });

  describe("with an embedder", () => {
    const vehicles: Embedder = {
      name: "vehicles/2",
      embed: async (texts) =>
        texts.map((text) => new Float32Array(/car|automobile/i.test(text) ? [1, 0] : [0, 1])),
    };
    const scene = async () => {
      const ana = newName("ana");
      const scope = newDm(ana).scope(ana);
      await learn(store(), scope, { text: "Owns an old automobile" }, { text: "Plays chess" });
      while ((await embedBatch({ vectors: store().vectors, embedder: vehicles }, forEver)) > 0);
      return scope;
    };
    const about = async (scope: Scope, embedder: Embedder | null, deadlineMs = PATIENT_MS) => {
      const recall = recallOn(store().recall, deadlineMs, embedder);
      return (await recall.about(scope, question("Which car?"))).facts.map(({ text }) => text);
    };

    test("finds what means the same in other words", async () => {
      const scope = await scene();

      expect(await about(scope, vehicles)).toEqual(["Owns an old automobile"]);
      expect(await about(scope, null)).toEqual([]);
    });

    test("compares what is new with what means the same as well as with what shares its words", async () => {
      const scope = await scene();
      await learn(store(), scope, { text: "Sold a bicycle" }, { text: "Sold a boat" });
      const related = async (embedder: Embedder | null) => {
        const recall = recallOn(store().recall, PATIENT_MS, embedder);
        return (await recall.related(scope, "Sold the car", 2)).map(({ text }) => text);
      };

      expect(await related(vehicles)).toContain("Owns an old automobile");
      expect(await related(vehicles)).toContainEqual(expect.stringContaining("Sold"));
      expect(await related(null)).not.toContain("Owns an old automobile");
    });

    test("goes on by words when the embedder is down, or does not answer in time", async () => {
      const scope = await scene();
      await learn(store(), scope, { text: "Sold the car" });
      const broken = { ...vehicles, embed: () => Promise.reject(new Error("down")) };
      const silent = { ...vehicles, embed: () => new Promise<never>(() => {}) };

      expect(await about(scope, broken)).toEqual(["Sold the car"]);
      expect(await about(scope, silent, 1_500)).toEqual(["Sold the car"]);
    });

    test("compares no vectors of different models, and makes all anew for another", async () => {
      const scope = await scene();
      const other = { ...vehicles, name: "other/2" };
      const before = await about(scope, other);

      while ((await embedBatch({ vectors: store().vectors, embedder: other }, forEver)) > 0);

      expect(before).toEqual([]);
      expect(await about(scope, other)).toEqual(["Owns an old automobile"]);
    });
  });

  test("notes what went into an answer, and what is used stays stronger", async () => {
    const [ana, place] = [newName("ana"), newChannel()];
    const [learned] = await learn(store(), place.scope(ana), { text: "Likes tea" });
    const id = learned && learned.kind !== "refused" ? learned.id : "";
    const { lease } = await start(store(), await ask(store(), place.message(ana, "hm")));
    await store().query(
      "update memories set reviewed_at = now() - interval '9 days' where id = $1",
      [id],
    );
    const [before] = await store().query("select stability from memories where id = $1", [id]);

    await store().recall.note(place.scope(ana), lease.turnId, {
      state: "done",
      facts: [id],
      messages: [],
    });

    const [after] = await store().query("select stability, uses from memories where id = $1", [id]);
    expect(Number(after?.["stability"])).toBeGreaterThan(Number(before?.["stability"]));
    expect(after?.["uses"]).toBe(1);
    expect(await store().recall.noted(place.scope(ana), lease.turnId)).toEqual({
      state: "done",
      facts: [id],
      messages: [],
    });
  });

  test("ranks what was used above what was not, as soon as its shelf is made anew", async () => {
    const [ana, place] = [newName("ana"), newChannel()];
    const scope = place.scope(ana);
    const [, used] = await learn(
      store(),
      scope,
      { text: "Keeps a boat in Lisbon", validFrom: new Date("2026-01-02") },
      { text: "Keeps a boat in Porto" },
    );
    assert(used?.kind === "added");
    await store().query(
      "update memories set reviewed_at = now() - interval '90 days' where owner_id = $1",
      [`discord:${ana}`],
    );
    let elapsed = 0;
    const recall = createRecall({
      source: store().recall,
      embedder: null,
      clock: { ...systemClock, elapsedMs: () => elapsed },
      log: silentLog,
      deadlineMs: PATIENT_MS,
    });
    const ranked = async () =>
      (await recall.about(scope, question("Where is the boat?"))).facts.map(({ text }) => text);
    expect(await ranked()).toEqual(["Keeps a boat in Lisbon", "Keeps a boat in Porto"]);
    const { lease } = await start(store(), await ask(store(), place.message(ana, "hm")));

    const note = { state: "done", facts: [used.id], messages: [] } as const;
    await store().recall.note(scope, lease.turnId, note);
    elapsed += 6 * 3_600_000;

    expect(await ranked()).toEqual(["Keeps a boat in Porto", "Keeps a boat in Lisbon"]);
  });
});

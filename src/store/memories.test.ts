import assert from "node:assert/strict";
import { describe, expect, test } from "vitest";
import { describeStore, share, type TestStore } from "../../test/open-test-store.ts";
import { FACT } from "../../test/scope-catalogue.ts";
import { hear, newChannel, newDm, newName, type Place } from "../../test/talk.ts";
import type { Learned, NewFact } from "../core/memory.ts";
import type { Scope } from "../core/principal.ts";

const ALL = { words: null, withPast: false, offset: 0, limit: 100 };

async function learn(store: TestStore, scope: Scope, text: string, more: Partial<NewFact> = {}) {
  const [learned] = await store.memories.learn(scope, [{ ...FACT, text, ...more }]);
  assert(learned);
  return learned;
}

async function idOf(learned: Promise<Learned>): Promise<string> {
  const found = await learned;
  assert(found.kind !== "refused");
  return found.id;
}

const texts = async (store: TestStore, scope: Scope, withPast = false) =>
  (await store.memories.list(scope, { ...ALL, withPast })).facts.map(({ text }) => text).toSorted();

const scene = () => {
  const ana = newName("ana");
  const [dm, channel] = [newDm(ana), newChannel()];
  return { ana, dm, channel, inDm: dm.scope(ana), inChannel: channel.scope(ana) };
};

const heardIn = async (store: TestStore, place: Place, name: string, text: string) => {
  const message = place.message(name, text);
  await hear(store, message);
  return message;
};

describeStore("Memories", (open) => {
  const store = share(open);

  describe("forgetAll()", () => {
    test("leaves nothing to use or to show, wherever it was said, and touches nobody else", async () => {
      const { inDm, inChannel, channel } = scene();
      const ben = channel.scope(newName("ben"));
      await learn(store(), inDm, "private");
      await learn(store(), inChannel, "public");
      await learn(store(), ben, "Ben's");

      expect(await store().memories.forgetAll(inDm)).toBe(2);

      expect(await texts(store(), inDm, true)).toEqual([]);
      expect(await texts(store(), inChannel, true)).toEqual([]);
      expect(await texts(store(), ben)).toEqual(["Ben's"]);
      expect((await store().memories.settings(inDm)).forgottenForGoodAt).toBeInstanceOf(Date);
    });

    test("can be taken back for a while, and what was forgotten before stays so", async () => {
      const { inDm } = scene();
      const early = await idOf(learn(store(), inDm, "early"));
      await learn(store(), inDm, "late");
      await store().memories.forget(inDm, early);
      await store().memories.forgetAll(inDm);

      expect(await store().memories.restoreAll(inDm)).toBe(1);

      expect(await texts(store(), inDm)).toEqual(["late"]);
      expect((await store().memories.settings(inDm)).forgottenForGoodAt).toBeNull();
    });

    test("hides what was said before from recall, and not what is said after", async () => {
      const { ana, dm, inDm } = scene();
      await heardIn(store(), dm, ana, "before");
      await store().query(
        "update messages set sent_at = now() - interval '1 hour' where author_id = $1",
        [`discord:${ana}`],
      );
      await store().memories.forgetAll(inDm);
      await hear(store(), dm.message(ana, "after", { sentAt: new Date("2099-01-01") }));

      const shown = await store().recall.messageShelf(inDm, null);

      expect(shown.map(({ text }) => text)).toEqual(["after"]);
    });
  });

  describe("learn()", () => {
    test("keeps what two turns learn at once as one row with both proofs", async () => {
      const { ana, dm, inDm } = scene();
      const [one, two] = [dm.message(ana, "one"), dm.message(ana, "two")];

      const both = await Promise.all([
        learn(store(), inDm, "I like tea", { sources: [one.id] }),
        learn(store(), inDm, "i like  TEA.", { sources: [two.id] }),
      ]);

      expect(both.map(({ kind }) => kind).toSorted()).toEqual(["added", "known"]);
      const { facts } = await store().memories.list(inDm, ALL);
      expect(facts).toHaveLength(1);
      expect(facts[0]?.sources.toSorted()).toEqual([one.id, two.id].toSorted());
    });

    test("ends what is contradicted and keeps its words", async () => {
      const { inDm } = scene();
      const old = await idOf(learn(store(), inDm, "Lives in Porto"));
      await store().memories.change(inDm, old, { isPinned: true });

      const learned = await learn(store(), inDm, "Lives in Lisbon", { replaces: [old] });

      assert(learned.kind === "changed");
      expect(await texts(store(), inDm)).toEqual(["Lives in Lisbon"]);
      expect(await store().memories.find(inDm, old)).toMatchObject({
        text: "Lives in Porto",
        validTo: expect.any(Date),
        supersededBy: learned.id,
      });
      expect((await store().memories.find(inDm, learned.id))?.isPinned).toBe(true);
    });

    test("never ends what another said", async () => {
      const { inChannel, channel } = scene();
      const bens = channel.scope(newName("ben"));
      const id = await idOf(learn(store(), bens, "Ben's hideout is the attic"));

      await learn(store(), inChannel, "Ben's hideout is the cellar", {
        replaces: [id],
        sameAs: id,
      });

      expect(await store().memories.find(bens, id)).toMatchObject({ validTo: null });
      const { facts } = await store().memories.list(inChannel, ALL);
      expect(facts).toMatchObject([{ ownerId: inChannel.principal.userId }]);
    });

    test("cuts what is far too long, and takes any characters", async () => {
      const { inDm } = scene();

      const long = await idOf(learn(store(), inDm, "x".repeat(10_000)));
      const odd = await idOf(
        learn(store(), inDm, "a\0b\ud800 \u202e ‮'; drop table memories; -- 🦊"),
      );

      expect((await store().memories.find(inDm, long))?.text).toHaveLength(500);
      expect((await store().memories.find(inDm, odd))?.text).toContain("drop table memories");
    });

    test("keeps nothing of nothing", async () => {
      expect(await learn(store(), scene().inDm, " \n ")).toEqual({
        kind: "refused",
        because: "empty",
      });
    });

    test.each(["paused", "off"] as const)("keeps nothing while memory is %s", async (mode) => {
      const { inDm, inChannel } = scene();
      await store().memories.setMode(inDm, mode);

      expect(await learn(store(), inChannel, "a fact")).toEqual({ kind: "refused", because: mode });
      expect(await texts(store(), inDm)).toEqual([]);
    });

    test("keeps nothing of what the person never wants learnt", async () => {
      const { inDm, inChannel } = scene();
      expect(await store().memories.addNever(inDm, "My health")).toBe(true);
      expect(await store().memories.addNever(inDm, "my  health")).toBe(false);

      const learned = await learn(store(), inChannel, "Has health trouble of some kind");

      expect(learned).toEqual({ kind: "refused", because: "never" });
      expect(await store().memories.removeNever(inDm, "my health")).toBe(true);
      expect((await learn(store(), inChannel, "Has health trouble")).kind).toBe("added");
    });

    test("does not hear again what was forgotten, but may be told", async () => {
      const { ana, dm, inDm } = scene();
      const said = await heardIn(store(), dm, ana, "I like tea");
      const id = await idOf(learn(store(), inDm, "Likes tea", { sources: [said.id] }));
      await store().memories.forget(inDm, id);

      expect(await learn(store(), inDm, "Drinks tea", { sources: [said.id] })).toEqual({
        kind: "refused",
        because: "unlearnt",
      });
      expect(await store().recall.messages(inDm, [said.id])).toEqual([]);
      expect(
        (await learn(store(), inDm, "Likes tea", { origin: "told", sources: [said.id] })).kind,
      ).toBe("added");
    });
  });

  describe("forget()", () => {
    test("takes one away, and restore() brings it back as it was", async () => {
      const { inDm } = scene();
      const id = await idOf(learn(store(), inDm, "Likes tea"));
      await learn(store(), inDm, "Likes cake");

      expect(await store().memories.forget(inDm, id)).toMatchObject({ text: "Likes tea" });
      expect(await texts(store(), inDm, true)).toEqual(["Likes cake"]);
      expect(await store().memories.forget(inDm, id)).toBeNull();

      expect(await store().memories.restore(inDm, id)).toMatchObject({ text: "Likes tea" });
      expect(await texts(store(), inDm)).toEqual(["Likes cake", "Likes tea"]);
    });

    test("does not bring back what was learnt again meanwhile", async () => {
      const { inDm } = scene();
      const id = await idOf(learn(store(), inDm, "Likes tea"));
      await store().memories.forget(inDm, id);
      await learn(store(), inDm, "Likes tea");

      expect(await store().memories.restore(inDm, id)).toBeNull();
      expect(await texts(store(), inDm)).toEqual(["Likes tea"]);
    });
  });

  describe("change()", () => {
    test("keeps the old words as what held before, with the readers they had", async () => {
      const { inDm } = scene();
      const id = await idOf(learn(store(), inDm, "Likes tee"));
      await store().memories.change(inDm, id, { reach: "everywhere" });

      const changed = await store().memories.change(inDm, id, { text: "Likes tea" });

      expect(changed).toMatchObject({ text: "Likes tea", audience: "everywhere", origin: "told" });
      expect(await store().memories.find(inDm, id)).toMatchObject({ supersededBy: changed?.id });
    });

    test("widens and narrows who may know it", async () => {
      const { ana, inDm, inChannel, channel } = scene();
      const said = await heardIn(store(), channel, ana, "I sail");
      const conversationId = channel.conversation.id;
      const id = await idOf(
        learn(store(), inChannel, "Sails", { sources: [said.id], conversationId }),
      );
      const elsewhere = newChannel(channel.conversation.guildId ?? undefined);
      const ids = async (scope: Scope) =>
        (await store().recall.facts(scope, [id])).map(({ audience }) => audience.split(":")[0]);
      const seen = async () => ({
        bens: await ids(channel.scope("ben")),
        sameGuild: await ids(elsewhere.scope("ben")),
        abroad: await ids(newChannel().scope(ana)),
        own: await ids(inDm),
      });

      const asSaid = await seen();
      await store().memories.change(inDm, id, { reach: "private" });
      const narrowed = await seen();
      await store().memories.change(inDm, id, { reach: "guild" });
      const widened = await seen();
      await store().memories.change(inDm, id, { reach: "everywhere" });
      const widest = await seen();

      expect({ asSaid, narrowed, widened, widest }).toEqual({
        asSaid: { bens: ["channel"], sameGuild: [], abroad: [], own: ["channel"] },
        narrowed: { bens: [], sameGuild: [], abroad: [], own: ["private"] },
        widened: { bens: ["guild"], sameGuild: ["guild"], abroad: [], own: ["guild"] },
        widest: { bens: [], sameGuild: [], abroad: ["everywhere"], own: ["everywhere"] },
      });
    });

    test("gives a guild nothing of what was said in private", async () => {
      const { ana, dm, inDm } = scene();
      await heardIn(store(), dm, ana, "hello");
      const id = await idOf(learn(store(), inDm, "Sails", { conversationId: dm.conversation.id }));

      const changed = await store().memories.change(inDm, id, { reach: "guild" });

      expect(changed?.audience).toBe(`private:discord:${ana}`);
    });
  });

  test("list() shows pinned first, pages, and finds by words", async () => {
    const { inDm } = scene();
    for (const text of ["Likes tea", "Likes cake", "Sails"]) await learn(store(), inDm, text);
    const { facts } = await store().memories.list(inDm, ALL);
    const tea = facts.find(({ text }) => text === "Likes tea");
    assert(tea);
    await store().memories.change(inDm, tea.id, { isPinned: true });

    const page = await store().memories.list(inDm, { ...ALL, words: "LIKES", limit: 1 });

    expect(page).toMatchObject({ total: 2, facts: [{ text: "Likes tea", isPinned: true }] });
  });

  test("a deleted message takes with it what only it proves, and what that had ended holds again", async () => {
    const { ana, dm, inDm } = scene();
    const said = await heardIn(store(), dm, ana, "I moved to Lisbon");
    const old = await idOf(learn(store(), inDm, "Lives in Porto"));
    await learn(store(), inDm, "Lives in Lisbon", { sources: [said.id], replaces: [old] });

    await store().inbox.forget([said.id]);

    expect(await texts(store(), inDm, true)).toEqual(["Lives in Porto"]);
  });

  test("nothing is learnt from a message that was deleted meanwhile", async () => {
    const { ana, dm, inDm } = scene();
    const said = await heardIn(store(), dm, ana, "I moved to Lisbon");
    await store().inbox.forget([said.id]);

    expect(await learn(store(), inDm, "Lives in Lisbon", { sources: [said.id] })).toEqual({
      kind: "refused",
      because: "unlearnt",
    });
  });

  test("an edited message takes with it what its old words proved", async () => {
    const { ana, dm, inDm } = scene();
    const said = await heardIn(store(), dm, ana, "I live in Lisbon");
    await learn(store(), inDm, "Lives in Lisbon", { sources: [said.id] });

    await store().inbox.revise(inDm, said.id, "I live in Porto");

    expect(await texts(store(), inDm)).toEqual([]);
  });
});

import assert from "node:assert/strict";
import { describe, expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { EPISODE, FACT } from "../../test/scope-catalogue.ts";
import { hear, newChannel, newDm, newName, type Place } from "../../test/talk.ts";

const MINUTE_MS = 60_000;
const QUIET_MS = 45 * MINUTE_MS;
const ago = (minutes: number) => ({ sentAt: new Date(Date.now() - minutes * MINUTE_MS) });

describeStore("Episodes", (open) => {
  const store = share(open);

  const scene = (place: Place = newChannel()) => {
    const [ana, ben] = [newName("ana"), newName("ben")];
    return { ana, ben, place, scope: place.scope(ana), id: place.conversation.id };
  };
  const endedTexts = async ({ scope, id }: Pick<ReturnType<typeof scene>, "scope" | "id">) =>
    (await store().episodes.ended(scope, id, QUIET_MS)).map(({ text }) => text);

  /** A talk of two that is over, kept as an episode. */
  async function talked(minutes = 100) {
    const here = scene();
    const { ana, ben, place, scope, id } = here;
    const [one, two] = [
      place.message(ana, "my boat leaks", ago(minutes)),
      place.message(ben, "use tar", ago(minutes - 1)),
    ];
    await hear(store(), one, two);
    const lines = await store().episodes.ended(scope, id, QUIET_MS);
    expect(await store().episodes.save(scope, id, { ...EPISODE, lines })).toBe(true);
    return { ...here, one, two, lines };
  }
  const summaries = async ({ scope }: Pick<ReturnType<typeof scene>, "scope">) => {
    const shelf = await store().episodes.shelf(scope);
    const found = await store().episodes.find(
      scope,
      shelf.map((each) => each.id),
    );
    expect(found).toHaveLength(shelf.length);
    return found.map(({ summary }) => summary);
  };

  describe("ended()", () => {
    test("gives the newest talk, oldest line first, and none while somebody still talks", async () => {
      const here = scene();
      const { ana, ben, place } = here;
      await hear(
        store(),
        place.message(ana, "another talk", ago(300)),
        place.message(ana, "my boat leaks", ago(100)),
        place.message(ben, "use tar", ago(90)),
      );
      expect(await endedTexts(here)).toEqual(["my boat leaks", "use tar"]);

      await hear(store(), place.message(ana, "thanks", ago(1)));

      expect(await endedTexts(here)).toEqual([]);
    });

    test("leaves out who wants no memory, and what is in an episode", async () => {
      const here = scene();
      const { ana, ben, place } = here;
      await hear(
        store(),
        place.message(ana, "my boat leaks", ago(100)),
        place.message(ben, "use tar", ago(99)),
      );
      await store().memories.setMode(newDm(ben).scope(ben), "off");
      expect(await endedTexts(here)).toEqual(["my boat leaks"]);
      expect(await endedTexts(await talked())).toEqual([]);
    });
  });

  test("save() keeps a talk once, with who took part, its time and all its lines", async () => {
    const { ana, ben, scope, id, lines, one, two } = await talked();

    expect(await store().episodes.save(scope, id, { ...EPISODE, lines })).toBe(false);
    const [shelved] = await store().episodes.shelf(scope);
    expect(await store().episodes.find(scope, [shelved?.id ?? ""])).toMatchObject([
      {
        summary: EPISODE.summary,
        topics: ["boat"],
        participants: [ana, ben],
        isOwn: false,
        startsAt: one.sentAt,
        endsAt: two.sentAt,
        sources: [one.id, two.id],
      },
    ]);
  });

  test("save() keeps nothing of words that are others by now", async () => {
    const { ana, place, scope, id } = scene();
    const said = place.message(ana, "my boat leaks", ago(100));
    await hear(store(), said);
    const lines = await store().episodes.ended(scope, id, QUIET_MS);
    await store().inbox.revise(scope, said.id, "my boat is fine");

    expect(await store().episodes.save(scope, id, { ...EPISODE, lines })).toBe(false);
  });

  test("save() keeps no password, and nothing that one who took part never wants learnt", async () => {
    const { ana, ben, place, scope, id } = scene();
    await hear(
      store(),
      place.message(ana, "my boat leaks", ago(100)),
      place.message(ben, "use tar", ago(99)),
    );
    const lines = await store().episodes.ended(scope, id, QUIET_MS);
    await store().memories.addNever(newDm(ben).scope(ben), "illness");
    const save = (change: { summary?: string; topics?: readonly string[] }) =>
      store().episodes.save(scope, id, { ...EPISODE, ...change, lines });

    expect(await save({ summary: "Ana said that the wifi password is hunter22" })).toBe(false);
    expect(await save({ topics: ["boat", "PIN: 4711"] })).toBe(false);
    expect(await save({ summary: "They talked about the illness of Ben" })).toBe(false);
    expect(await save({ topics: ["illness"] })).toBe(false);
    expect(await save({})).toBe(true);
  });

  test("are gone while one who took part wants it forgotten, and come back with it", async () => {
    const here = await talked();
    const bens = newDm(here.ben).scope(here.ben);
    expect(await summaries(here)).toEqual([EPISODE.summary]);

    await store().memories.forgetAll(bens);
    expect(await summaries(here)).toEqual([]);
    await store().memories.restoreAll(bens);
    expect(await summaries(here)).toEqual([EPISODE.summary]);
    await store().memories.setMode(bens, "off");

    expect(await summaries(here)).toEqual([]);
  });

  test("go with any line that is deleted or edited, and with a fact that a line proved", async () => {
    const [deleted, edited, forgotten] = [await talked(), await talked(), await talked()];
    const [learned] = await store().memories.learn(forgotten.scope, [
      { ...FACT, sources: [forgotten.one.id] },
    ]);
    assert(learned?.kind === "added");

    await store().inbox.forget([deleted.two.id]);
    await store().inbox.revise(edited.scope, edited.one.id, "nothing");
    await store().memories.forget(forgotten.scope, learned.id);

    expect(await Promise.all([deleted, edited, forgotten].map(summaries))).toEqual([[], [], []]);
  });

  test("stay in their place", async () => {
    const { ana, place } = await talked();
    const elsewhere = newChannel(place.conversation.guildId ?? undefined);

    expect(await store().episodes.shelf(elsewhere.scope(ana))).toEqual([]);
    expect(await store().episodes.shelf(newDm(ana).scope(ana))).toEqual([]);
  });
});

import assert from "node:assert/strict";
import { describe, expect, test } from "vitest";
import { FACT } from "../../test/scope-catalogue.ts";
import { describeStore, share } from "../../test/open-test-store.ts";
import { answer, answered, ask, hear, newChannel, newDm, newName, start } from "../../test/talk.ts";
import type { Scope } from "../core/principal.ts";

const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS);
const DUE = {
  text: "Ask how the exam went",
  dueFrom: inHours(-1),
  dueTo: inHours(24),
  sources: [],
};

describeStore("Intentions", (open) => {
  const store = share(open);

  const scene = () => {
    const ana = newName("ana");
    const [dm, channel] = [newDm(ana), newChannel()];
    return { ana, dm, channel, inDm: dm.scope(ana), inChannel: channel.scope(ana) };
  };
  const textsOf = async (scope: Scope) =>
    (await store().intentions.list(scope)).map(({ text }) => text);

  describe("take()", () => {
    test("gives what is due once, to one turn of the person", async () => {
      const { ana, dm, inDm } = scene();
      await store().intentions.add(inDm, [DUE]);
      const first = await start(store(), await ask(store(), dm.message(ana, "hi")));
      const again = () => store().intentions.take(inDm, first.lease.turnId);

      expect(await again()).toMatchObject([{ text: DUE.text }]);
      expect(await again()).toHaveLength(1);
      await answer(store(), first, "How was it?");
      const second = await start(store(), await ask(store(), dm.message(ana, "well")));

      expect(await store().intentions.take(inDm, second.lease.turnId)).toEqual([]);
      expect(await textsOf(inDm)).toEqual([]);
    });

    test("gives it to one of two turns at the same time", async () => {
      const { ana, dm, channel, inDm, inChannel } = scene();
      await store().intentions.add(inChannel, [DUE]);
      const turns = await Promise.all([
        ask(store(), dm.message(ana, "hi")),
        ask(store(), channel.message(ana, "hi")),
      ]);

      const taken = await Promise.all([
        store().intentions.take(inDm, turns[0]),
        store().intentions.take(inChannel, turns[1]),
      ]);

      expect(taken.flat()).toHaveLength(1);
    });

    test("gives it again when the turn that had it ended without an answer", async () => {
      const { ana, dm, inDm } = scene();
      await store().intentions.add(inDm, [DUE]);
      const first = await start(store(), await ask(store(), dm.message(ana, "hi")));
      await store().intentions.take(inDm, first.lease.turnId);
      await store().turns.finish(first.lease, first.job, answered(null));

      const second = await ask(store(), dm.message(ana, "well"));

      expect(await store().intentions.take(inDm, second)).toHaveLength(1);
    });

    test.each([
      ["that is not due yet", { dueFrom: inHours(1) }],
      ["that is over", { dueFrom: inHours(-9), dueTo: inHours(-1) }],
    ])("gives nothing %s", async (_, change) => {
      const { ana, dm, inDm } = scene();
      await store().intentions.add(inDm, [{ ...DUE, ...change }]);

      const turnId = await ask(store(), dm.message(ana, "hi"));

      expect(await store().intentions.take(inDm, turnId)).toEqual([]);
    });

    test("gives nothing of a DM where others read, and nothing to somebody else", async () => {
      const { ana, dm, channel, inDm, inChannel } = scene();
      const ben = newName("ben");
      await store().intentions.add(inDm, [DUE]);
      await store().intentions.add(inChannel, [{ ...DUE, text: "Ask about the boat" }]);
      const bens = await ask(store(), channel.message(ben, "hi"));
      const anas = await ask(store(), channel.message(ana, "hi"));
      const inPrivate = await ask(store(), dm.message(ana, "hi"));

      expect(await store().intentions.take(channel.scope(ben), bens)).toEqual([]);
      expect(await store().intentions.take(inChannel, bens)).toEqual([]);
      expect(await store().intentions.take(inChannel, anas)).toMatchObject([
        { text: "Ask about the boat" },
      ]);
      expect(await store().intentions.take(inDm, inPrivate)).toMatchObject([{ text: DUE.text }]);
    });
  });

  describe("add()", () => {
    test("keeps the same in nearly the same words once", async () => {
      const { inDm } = scene();
      const again = { ...DUE, text: "ask how the exam went!" };

      expect(await store().intentions.add(inDm, [DUE, again])).toBe(1);
      expect(await store().intentions.add(inDm, [again])).toBe(0);
    });

    test("keeps nothing for whoever wants none of it, and at most fifty", async () => {
      const { inDm } = scene();
      await store().memories.addNever(inDm, "exam");
      expect(await store().intentions.add(inDm, [DUE])).toBe(0);
      const many = Array.from({ length: 60 }, (_, n) => ({ ...DUE, text: `Ask about boat ${n}` }));
      expect(await store().intentions.add(inDm, many)).toBe(50);
      await store().memories.setMode(inDm, "paused");
      expect(await store().intentions.add(inDm, [{ ...DUE, text: "Ask about tea" }])).toBe(0);
    });
  });

  test("go with what the person has forgotten, and come back with it", async () => {
    const { inDm } = scene();
    await store().intentions.add(inDm, [DUE]);

    await store().memories.forgetAll(inDm);
    expect(await textsOf(inDm)).toEqual([]);
    await store().memories.restoreAll(inDm);

    expect(await textsOf(inDm)).toEqual([DUE.text]);
  });

  test("come back when they are said again, after they were forgotten or over", async () => {
    const { inDm } = scene();
    const over = { text: "Ask about the boat", dueFrom: inHours(-9), dueTo: inHours(-1) };
    await store().intentions.add(inDm, [DUE, { ...DUE, ...over }]);
    await store().memories.forgetAll(inDm);

    expect(await store().intentions.add(inDm, [DUE, { ...DUE, text: over.text }])).toBe(2);

    expect((await textsOf(inDm)).toSorted()).toEqual([over.text, DUE.text]);
  });

  test("hold no password", async () => {
    const { inDm } = scene();
    const secret = { ...DUE, text: "Ask whether the new PIN is 471122" };

    expect(await store().intentions.add(inDm, [secret, DUE])).toBe(1);

    expect(await textsOf(inDm)).toEqual([DUE.text]);
  });

  test("go with the message that they come from, deleted or forgotten by its fact", async () => {
    const { ana, dm, inDm } = scene();
    const [one, two] = [dm.message(ana, "exam on Friday"), dm.message(ana, "boat on Monday")];
    await hear(store(), one, two);
    await store().intentions.add(inDm, [
      { ...DUE, sources: [one.id] },
      { ...DUE, text: "Ask about the boat", sources: [two.id] },
    ]);
    const [learned] = await store().memories.learn(inDm, [{ ...FACT, sources: [two.id] }]);
    assert(learned?.kind === "added");

    await store().inbox.forget([one.id]);
    expect(await textsOf(inDm)).toEqual(["Ask about the boat"]);
    await store().memories.forget(inDm, learned.id);

    expect(await textsOf(inDm)).toEqual([]);
  });

  test("cancel() takes away the person's own, and nobody else's", async () => {
    const { channel, inChannel } = scene();
    await store().intentions.add(inChannel, [DUE]);
    const [intention] = await store().intentions.list(inChannel);
    assert(intention);

    const bens = channel.scope(newName("ben"));
    expect(await store().intentions.cancel(bens, intention.id)).toBeNull();
    expect(await store().intentions.cancel(inChannel, intention.id)).toMatchObject(DUE);
    expect(await textsOf(inChannel)).toEqual([]);
  });
});

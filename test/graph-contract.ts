import assert from "node:assert/strict";
import { describe, expect, test } from "vitest";
import type { GraphStore, NewRelation } from "../src/core/graph.ts";
import type { Scope } from "../src/core/principal.ts";
import { FACT } from "./scope-catalogue.ts";
import type { TestStore } from "./open-test-store.ts";
import { hear, newChannel, newDm, newName } from "./talk.ts";

const THEN = new Date("2026-01-01T00:00:00Z");
const LATER = new Date("2026-03-01T00:00:00Z");
const related = (from: string, type: string, to: string, more: Partial<NewRelation> = {}) => ({
  from,
  type,
  to,
  holds: true,
  validFrom: THEN,
  sources: [],
  ...more,
});

/** What every store of the graph does: wishes and messages are the house's, whatever keeps the relations. */
export function graphContract(store: () => TestStore, graph: () => GraphStore): void {
  const scene = () => {
    const ana = newName("ana");
    const [dm, channel] = [newDm(ana), newChannel()];
    return { ana, dm, channel, inDm: dm.scope(ana), inChannel: channel.scope(ana) };
  };
  const around = async (scope: Scope, name: string, hops = 1, at = new Date()) =>
    (await graph().around(scope, [name], { hops, limit: 20, at })).map(
      ({ from, type, to }) => `${from} ${type} ${to}`,
    );

  describe("around()", () => {
    test("gives what touches a name in either direction, however it is written", async () => {
      const { ana, inDm } = scene();
      await graph().add(inDm, [
        related("", "works at", "Acme"),
        related("ACME!", "is in", "Lisbon"),
        related("Ben", "likes", "tea"),
      ]);

      expect((await around(inDm, "acme")).toSorted()).toEqual([
        "ACME! is in Lisbon",
        `${ana} works at Acme`,
      ]);
      expect(await around(inDm, "")).toEqual([`${ana} works at Acme`]);
      expect(await around(inDm, "nobody")).toEqual([]);
    });

    test("goes as many hops as it is asked for, nearest first, and through circles once", async () => {
      const { inDm } = scene();
      await graph().add(inDm, [
        related("a1", "knows", "b1"),
        related("b1", "knows", "c1"),
        related("c1", "knows", "a1"),
        related("c1", "knows", "d1"),
        related("d1", "knows", "e1"),
      ]);

      expect(await around(inDm, "e1", 1)).toEqual(["d1 knows e1"]);
      expect(await around(inDm, "e1", 2)).toEqual(["d1 knows e1", "c1 knows d1"]);
      expect(await around(inDm, "a1", 3)).toHaveLength(5);
    });

    test("gives what held at a time", async () => {
      const { ana, inDm } = scene();
      await graph().add(inDm, [related("", "lives in", "Porto")]);
      const ended = related("", "lives in", "Porto", { holds: false, validFrom: LATER });

      expect(await graph().add(inDm, [ended, related("", "lives in", "Rome")])).toBe(2);

      expect(await around(inDm, "Porto")).toEqual([]);
      expect(await around(inDm, "Porto", 1, new Date("2026-02-01"))).toEqual([
        `${ana} lives in Porto`,
      ]);
      expect(await around(inDm, "Rome", 1, new Date("2025-01-01"))).toEqual([]);
    });

    test("walks through nothing that the readers may not know", async () => {
      const { ana, channel, inDm, inChannel } = scene();
      const ben = newName("ben");
      await graph().add(inDm, [related("Acme", "is owned by", "a spy")]);
      await graph().add(inChannel, [related("", "works at", "Acme")]);
      await graph().add(channel.scope(ben), [related("a spy", "lives in", "Rome")]);

      expect(await around(channel.scope(ben), "Acme", 3)).toEqual([`${ana} works at Acme`]);
      expect(await around(newDm(ben).scope(ben), "Acme", 3)).toEqual([]);
      expect(await around(newChannel().scope(ana), "Acme", 3)).toEqual([]);
      expect(await around(inDm, "Acme", 3)).toHaveLength(2);
    });
  });

  test("add() keeps the same once, and nothing that is empty or unwanted", async () => {
    const { inDm } = scene();
    await store().memories.addNever(inDm, "my boss");

    expect(
      await graph().add(inDm, [
        related("", "works at", "Acme"),
        related("", "Works At", "acme"),
        related("", "hates", "my boss"),
        related("Acme", "is", "acme."),
        related("", " ", "Rome"),
      ]),
    ).toBe(1);
    await store().memories.setMode(inDm, "paused");
    expect(await graph().add(inDm, [related("", "likes", "tea")])).toBe(0);
  });

  test("add() keeps no password, wherever in the relation it is told", async () => {
    const { inDm } = scene();

    const kept = await graph().add(inDm, [
      related("The wifi password", "is", "hunter22"),
      related("", "has PIN", "471122"),
      related("", "keeps", "my password: hunter22"),
      related("", "lost the password of", "Acme"),
    ]);

    expect(kept).toBe(1);
    expect(await graph().list(inDm)).toMatchObject([{ to: "Acme" }]);
  });

  test("remove() takes away one's own, and nobody else's", async () => {
    const { channel, inChannel } = scene();
    await graph().add(inChannel, [related("", "works at", "Acme")]);
    const [own] = await graph().list(inChannel);
    assert(own);

    expect(await graph().remove(channel.scope(newName("ben")), own.id)).toBeNull();
    expect(await graph().remove(inChannel, own.id)).toMatchObject({ to: "Acme" });
    expect(await graph().list(inChannel)).toEqual([]);
  });

  test("is forgotten with all else, and comes back with it", async () => {
    const { inDm } = scene();
    await graph().add(inDm, [related("", "works at", "Acme")]);

    await store().memories.forgetAll(inDm);
    expect([await around(inDm, "Acme"), await graph().list(inDm)]).toEqual([[], []]);
    await store().memories.restoreAll(inDm);

    expect(await around(inDm, "Acme")).toHaveLength(1);
  });

  test("is known again when it is said again after it was forgotten", async () => {
    const { ana, dm, inDm } = scene();
    const [one, two] = [dm.message(ana, "I work at Acme"), dm.message(ana, "Acme, still")];
    await hear(store(), one, two);
    await graph().add(inDm, [related("", "works at", "Acme", { sources: [one.id] })]);
    await store().memories.forgetAll(inDm);

    await graph().add(inDm, [related("", "works at", "Acme", { sources: [two.id] })]);

    expect(await graph().list(inDm)).toMatchObject([{ to: "Acme", sources: [two.id] }]);
  });

  test("goes with its message, deleted or forgotten by its fact", async () => {
    const { ana, dm, inDm } = scene();
    const [one, two] = [dm.message(ana, "I work at Acme"), dm.message(ana, "I live in Rome")];
    await hear(store(), one, two);
    await graph().add(inDm, [
      related("", "works at", "Acme", { sources: [one.id] }),
      related("", "lives in", "Rome", { sources: [two.id] }),
    ]);
    const [learned] = await store().memories.learn(inDm, [{ ...FACT, sources: [two.id] }]);
    assert(learned?.kind === "added");

    await store().inbox.forget([one.id]);
    expect(await around(inDm, "")).toEqual([`${ana} lives in Rome`]);
    await store().memories.forget(inDm, learned.id);

    expect(await around(inDm, "")).toEqual([]);
  });
}

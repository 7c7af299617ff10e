import assert from "node:assert/strict";
import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { FACT } from "../../test/scope-catalogue.ts";
import { answer, ask, newChannel, newDm, newName, start } from "../../test/talk.ts";
import type { TurnId } from "../core/ids.ts";
import type { NewFact } from "../core/memory.ts";

describeStore("Receipts", (open) => {
  const store = share(open);

  /** Ana asks something in a channel, and it is answered. */
  async function scene() {
    const [name, place] = [newName("ana"), newChannel()];
    const [scope, own] = [place.scope(name), newDm(name).scope(name)];
    const turn = async () => {
      const turnId = await ask(store(), place.message(name, "hm?"));
      return { turnId, end: async () => answer(store(), await start(store(), turnId), "so") };
    };
    const learn = async (text: string, turnId?: TurnId, more: Partial<NewFact> = {}) => {
      const [learned] = await store().memories.learn(scope, [{ ...FACT, text, ...more }], turnId);
      assert(learned && learned.kind !== "refused");
      return learned.id;
    };
    const texts = async () => {
      const page = { words: null, withPast: false, offset: 0, limit: 100 };
      return (await store().memories.list(own, page)).facts.map(({ text }) => text).toSorted();
    };
    const due = async (turnId: TurnId) =>
      (await store().receipts.due(100)).find((each) => each.turnId === turnId) ?? null;
    return { name, place, scope, own, turn, learn, texts, due };
  }

  test("what a turn wrote is due when it is over, until it is shown, and again when there is more", async () => {
    const { turn, learn, due } = await scene();
    const { turnId, end } = await turn();
    await learn("Likes tea", turnId);
    const early = await due(turnId);
    const messageId = await end();
    const first = await due(turnId);
    assert(first);
    await learn("Sails", turnId);
    await store().receipts.settle(first);
    const second = await due(turnId);
    assert(second);
    await store().receipts.settle(second);

    expect(early).toBeNull();
    expect(first).toMatchObject({ messageId, isLast: true, counts: { added: 1, changed: 0 } });
    expect(second.counts).toEqual({ added: 2, changed: 0, withheld: 0 });
    expect(await due(turnId)).toBeNull();
  });

  test("undo() takes back what the turn wrote and nothing else, once", async () => {
    const { own, turn, learn, texts } = await scene();
    const porto = await learn("Lives in Porto");
    await learn("Likes tea");
    const { turnId } = await turn();
    await learn("Lives in Lisbon", turnId, { replaces: [porto] });
    await learn("Sails", turnId);
    await learn("Likes tea", turnId);
    const before = await store().receipts.of(own, turnId);

    const undone = await store().receipts.undo(own, turnId);

    expect(before?.counts).toEqual({ added: 1, changed: 1, withheld: 0 });
    expect(before?.facts.map(({ text }) => text)).toEqual(["Lives in Lisbon", "Sails"]);
    expect(undone).toEqual({ added: 1, changed: 1 });
    expect(await texts()).toEqual(["Likes tea", "Lives in Porto"]);
    expect(await store().receipts.undo(own, turnId)).toBeNull();
    expect(await store().receipts.of(own, turnId)).toMatchObject({ isUndone: true, facts: [] });
  });

  test("undo() leaves what a later turn put in its place", async () => {
    const { own, turn, learn, texts } = await scene();
    const porto = await learn("Lives in Porto");
    const { turnId } = await turn();
    const lisbon = await learn("Lives in Lisbon", turnId, { replaces: [porto] });
    const faro = await learn("Lives in Faro", undefined, { replaces: [lisbon] });

    await store().receipts.undo(own, turnId);

    expect(await texts()).toEqual(["Lives in Faro"]);
    expect(await store().memories.find(own, porto)).toMatchObject({ supersededBy: faro });
  });

  test("undo() opens what words that were known before had closed, and keeps those", async () => {
    const { own, turn, learn, texts } = await scene();
    const known = await learn("Drinks tea");
    const coffee = await learn("Drinks coffee");
    const { turnId } = await turn();
    expect(await learn("Drinks tea", turnId, { replaces: [coffee] })).toBe(known);

    expect(await store().receipts.undo(own, turnId)).toEqual({ added: 0, changed: 1 });

    expect(await texts()).toEqual(["Drinks coffee", "Drinks tea"]);
  });

  test("a password that was said is not kept, and the receipt tells so without it", async () => {
    const { own, scope, turn, texts, due } = await scene();
    const { turnId, end } = await turn();

    const learned = await store().memories.learn(
      scope,
      ["Wifi password is hunter2", "Sails"].map((text) => ({ ...FACT, text })),
      turnId,
    );
    await end();

    expect(learned.map(({ kind }) => kind)).toEqual(["refused", "added"]);
    expect(learned[0]).toEqual({ kind: "refused", because: "secret" });
    expect((await due(turnId))?.counts).toEqual({ added: 1, changed: 0, withheld: 1 });
    expect(await store().receipts.undo(own, turnId)).toEqual({ added: 1, changed: 0 });
    expect(await texts()).toEqual([]);
    const [row] = await store().query("select * from memory_receipts where turn_id = $1", [turnId]);
    expect(JSON.stringify(row)).not.toContain("hunter2");
  });

  test("nobody else sees or undoes it, and another's turn gets none", async () => {
    const { place, turn, learn, texts } = await scene();
    const { turnId } = await turn();
    await learn("Likes tea", turnId);
    const ben = newName("ben");
    const theirs = newDm(ben).scope(ben);
    const forged = await store().memories.learn(
      place.scope(ben),
      [{ ...FACT, text: "Ben's" }],
      turnId,
    );

    expect(forged).toMatchObject([{ kind: "added" }]);
    expect(await store().receipts.of(theirs, turnId)).toBeNull();
    expect(await store().receipts.undo(theirs, turnId)).toBeNull();
    expect(await texts()).toEqual(["Likes tea"]);
  });
});

import assert from "node:assert/strict";
import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { newChannel, newDm, newName } from "../../test/talk.ts";
import { systemClock } from "../core/clock.ts";
import { silentLog } from "../core/log.ts";
import { PROJECT } from "../core/memory.ts";
import { ScopeError } from "../core/principal.ts";
import { createRecall } from "../memory/recall.ts";

const ALL = { words: null, withPast: true, offset: 0, limit: 100 };
const guildFact = (text: string) => ({ text, kind: "other", sharedWith: "guild" }) as const;

describeStore("Shared facts", (open) => {
  const store = share(open);

  const recallIn = async (scope: Parameters<ReturnType<typeof createRecall>["about"]>[0]) => {
    const recall = createRecall({
      embedder: null,
      source: store().recall,
      clock: systemClock,
      log: silentLog,
      deadlineMs: 60_000,
    });
    const text = "When does the bus leave?";
    const { always, facts } = await recall.about(scope, { text, given: [], turnId: null });
    return [...always, ...facts].map((fact) => fact.text);
  };

  test("are known in their guild to everybody, and nowhere else", async () => {
    const [ana, ben, place] = [newName("ana"), newName("ben"), newChannel()];
    const elsewhere = newChannel(place.conversation.guildId ?? undefined);
    await store().sharedFacts.add(place.scope(ana), guildFact("The bus leaves at nine"));

    expect(await recallIn(elsewhere.scope(ben))).toEqual(["The bus leaves at nine"]);
    expect(await recallIn(newChannel().scope(ana))).toEqual([]);
    expect(await recallIn(newDm(ben).scope(ben))).toEqual([]);
  });

  test("belong to the guild, and say who wrote them", async () => {
    const [ana, place] = [newName("ana"), newChannel()];
    const own = newDm(ana).scope(ana);
    await store().sharedFacts.add(place.scope(ana), guildFact("The bus leaves at nine"));
    await store().memories.forgetAll(own);

    const [fact] = await store().sharedFacts.list(place.scope(newName("ben")));

    expect(fact).toMatchObject({
      ownerId: `guild:${place.conversation.guildId}`,
      authorId: `discord:${ana}`,
    });
    expect((await store().memories.list(own, ALL)).facts).toEqual([]);
    expect(await store().memories.change(own, fact?.id ?? "", { reach: "everywhere" })).toBeNull();
  });

  test("are kept once, and gone when they are taken away", async () => {
    const [ana, place] = [newName("ana"), newChannel()];
    const scope = place.scope(ana);
    const add = () => store().sharedFacts.add(scope, guildFact("The bus leaves at nine"));

    const added = await add();
    expect(await add()).toMatchObject({ kind: "known" });
    assert(added.kind === "added");
    const strange = newChannel().scope(ana);
    expect(await store().sharedFacts.remove(strange, "guild", added.id)).toBeNull();
    expect(await store().sharedFacts.remove(scope, "project", added.id)).toBeNull();
    expect(await recallIn(scope)).toHaveLength(1);

    expect(await store().sharedFacts.remove(scope, "guild", added.id)).toMatchObject({
      id: added.id,
    });
    expect(await recallIn(scope)).toEqual([]);
  });

  test("of the project are known everywhere", async () => {
    const [ana, ben] = [newName("ana"), newName("ben")];
    const scope = newChannel().scope(ana);
    const fact = { ...guildFact("The bus leaves at ten"), sharedWith: "project" } as const;
    const added = await store().sharedFacts.add(scope, fact);
    assert(added.kind === "added");

    expect(await recallIn(newDm(ben).scope(ben))).toEqual(["The bus leaves at ten"]);
    expect(await recallIn(newChannel().scope(ben))).toEqual(["The bus leaves at ten"]);
    expect((await store().sharedFacts.list(scope))[0]).toMatchObject({ audience: PROJECT });
    await store().sharedFacts.remove(scope, "project", added.id);
  });

  test("hold no password", async () => {
    const scope = newChannel().scope(newName("ana"));

    const added = await store().sharedFacts.add(scope, guildFact("The wifi password is hunter22"));

    expect(added).toEqual({ kind: "refused", because: "secret" });
    expect(await store().sharedFacts.list(scope)).toEqual([]);
  });

  test("need a guild, words and room", async () => {
    const [ana, place] = [newName("ana"), newChannel()];
    const add = (text: string) => store().sharedFacts.add(place.scope(ana), guildFact(text));

    const nowhere = store().sharedFacts.add(newDm(ana).scope(ana), guildFact("x"));
    await expect(nowhere).rejects.toThrow(ScopeError);
    expect(await add(" \n ")).toEqual({ kind: "refused", because: "empty" });
    for (let n = 0; n < 200; n++) await add(`Fact ${n}`);
    expect(await add("One too many")).toEqual({ kind: "refused", because: "full" });
  });
});

import { expect, test } from "vitest";
import { newMcpServer } from "../../test/mcp-rows.ts";
import { describeStore, share, type TestStore } from "../../test/open-test-store.ts";
import { plantMail } from "../../test/mail-rows.ts";
import { tablesWith } from "../../test/tables-with.ts";
import { EPISODE, FACT, lineOf, TIMED } from "../../test/scope-catalogue.ts";
import {
  ask,
  converse,
  hear,
  newChannel,
  newDm,
  newName,
  start,
  type Place,
} from "../../test/talk.ts";
import type { Scope } from "../core/principal.ts";

/** Something of everything, with `words` in it. */
async function plant(store: TestStore, place: Place, name: string, words: string): Promise<void> {
  const scope = place.scope(name);
  const { userId } = scope.principal;
  const { turnId } = await converse(store, place.message(name, words), `answer to ${words}`);
  await store.memories.learn(scope, [{ ...FACT, text: words }], turnId);
  const ahead = { dueFrom: new Date(0), dueTo: TIMED.dueAt, sources: [] };
  await store.intentions.add(scope, [{ text: words, ...ahead }]);
  const holds = { type: "owns", holds: true, validFrom: new Date(0), sources: [] };
  await store.graph.add(scope, [{ ...holds, from: words, to: "the boat" }]);
  const said = place.message(name, words);
  await hear(store, said);
  const talk = { ...EPISODE, summary: words, lines: [lineOf(said)] };
  await store.episodes.save(scope, place.conversation.id, talk);
  await store.recall.note(scope, turnId, { state: "done", facts: ["m1"], messages: [] });
  await store.reminders.add(scope, {
    ...TIMED,
    place: place.conversation,
    to: "here",
    text: words,
  });
  const limits = { maxRunUsd: 1, maxMonthUsd: 1 };
  await store.schedules.add(scope, {
    ...TIMED,
    ...limits,
    place: place.conversation,
    prompt: words,
  });
  await store.settings.change(scope, place.conversation, "person", { language: words });
  const known = { ...scope, principal: { ...scope.principal, displayName: words } };
  await plantMail(store, scope, words);
  await store.googleLinks.offer(known, { idHash: words, expiresAt: TIMED.dueAt });
  await store.secrets.put({ kind: "person", userId }, words, "sealed");
  const server = newMcpServer({ owner: { kind: "operator" } });
  await store.mcpServers.add(server);
  await store.mcpSignIns.begin(known, words, {
    serverId: server.id,
    holder: { kind: "person", userId },
    kept: words,
    expiresAt: TIMED.dueAt,
  });
  const ownToken = { id: words, label: words, canChange: false, expiresAt: TIMED.dueAt };
  await store.accessTokens.add(known, words, ownToken);
  await store.mcpQuestions.ask(scope, {
    id: words,
    question: { kind: "form", serverName: "s", message: words, fields: [] },
    expiresAt: TIMED.dueAt,
  });
  await store.components.keep(scope, [{ id: words.slice(-16), action: "a", data: { words } }]);
  const file = { contentType: "text/plain", sizeBytes: 1, sha256: "", origin: null };
  await store.files.add(scope, { id: newName("file"), name: `${words}.txt`, ...file }, 1_000);
  const running = await start(store, await ask(store, place.message(name, `${words} again`)));
  const step = { seq: 7, kind: "tool", name: "look", effect: "read", input: { words } } as const;
  await store.steps.begin(running.lease, [step]);
  await store.approvals.ask(running.lease, {
    tool: "send",
    effect: "outside",
    input: { words },
    argsHash: words,
    what: words,
    target: words,
    reversible: false,
    clicker: "asker",
    taints: [{ source: "web", name: words }],
  });
  await store.outbox.plan(running.lease, [{ content: words, file: { name: "a", text: words } }], {
    state: "done",
    detail: "answered",
    answer: words,
  });
  const done = { state: "done", detail: "answered", answer: words } as const;
  await store.turns.finish(running.lease, running.job, done);
  await store.transcript.saveSummary(scope, place.conversation.id, {
    text: words,
    upTo: place.message(name, "").id,
    upToAt: new Date(),
  });
  // At last: from now on nothing with these words is learnt.
  await store.memories.addNever(scope, words);
}

const pass = (store: TestStore, { principal }: Scope) =>
  store.query("update farewells set due_at = now() where person_id = $1", [principal.userId]);

describeStore("Farewells", (open) => {
  const store = share(open);

  test("when the time is over nothing that a person said or kept is in any table, and all of others is", async () => {
    const [ana, ben, place] = [newName("ana"), newName("ben"), newChannel()];
    const [words, other] = [newName("canary"), newName("parrot")];
    await plant(store(), place, ana, words);
    await plant(store(), place, ben, other);
    const own = newDm(ana).scope(ana);
    const scope = place.scope(ana);
    const shared = { text: `The bus of ${other} leaves at nine`, kind: "other" } as const;
    await store().sharedFacts.add(scope, { ...shared, sharedWith: "guild" });
    const before = await tablesWith(store(), words);
    const othersBefore = await tablesWith(store(), other);
    const { userId } = own.principal;

    await store().farewells.ask(own);
    const early = [await store().farewells.due(100), await store().farewells.carryOut(userId)];
    await pass(store(), own);
    const due = await store().farewells.due(100);
    const removed = await store().farewells.carryOut(userId);
    const again = await store().farewells.carryOut(userId);

    expect(before.length).toBeGreaterThan(10);
    expect(early).toEqual([[], null]);
    expect(due).toContain(userId);
    expect(removed).toMatchObject({ memories: 1, reminders: 1, schedules: 1, secrets: 1 });
    expect(await tablesWith(store(), words)).toEqual([]);
    const othersAfter = await tablesWith(store(), other);
    expect(othersBefore.filter((table) => !othersAfter.includes(table))).toEqual([]);
    expect(again).toBeNull();
    const names = await store().query("select display_name from people where id = $1", [userId]);
    expect(names).toEqual([{ display_name: "" }]);
    // What was written for everybody is the server's, and can still be seen and taken away.
    expect(await store().sharedFacts.list(place.scope(ben))).toMatchObject([
      { text: shared.text, ownerName: "" },
    ]);
  });

  test("it waits for an answer that is under way, and cannot be taken back once it is due", async () => {
    const [name, place] = [newName("ana"), newChannel()];
    const own = newDm(name).scope(name);
    await ask(store(), place.message(name, "hm?"));
    await store().farewells.ask(own);
    await pass(store(), own);

    expect(await store().farewells.due(100)).not.toContain(own.principal.userId);
    expect(await store().farewells.carryOut(own.principal.userId)).toBeNull();
    // The clock may be at work: Google was told, and files are gone.
    expect(await store().farewells.takeBack(own)).toBe(false);
    expect(await store().farewells.pending(own)).not.toBeNull();
  });

  test("what was forgotten before stays so when it is taken back", async () => {
    const name = newName("ana");
    const own = newDm(name).scope(name);
    await store().memories.learn(own, [{ ...FACT, text: "Sails" }]);
    await store().memories.forgetAll(own);
    const { forgottenForGoodAt } = await store().memories.settings(own);
    await store().query("select pg_sleep(0.01)");

    await store().farewells.ask(own);
    await store().farewells.takeBack(own);

    expect((await store().memories.settings(own)).forgottenForGoodAt).toEqual(forgottenForGoodAt);
    expect(forgottenForGoodAt).not.toBeNull();
  });

  test("until then it can be taken back with the memories", async () => {
    const name = newName("ana");
    const own = newDm(name).scope(name);
    const { userId } = own.principal;
    await store().memories.learn(own, [{ ...FACT, text: "Sails" }]);
    const list = async () => {
      const page = { words: null, withPast: false, offset: 0, limit: 9 };
      return (await store().memories.list(own, page)).total;
    };

    const first = await store().farewells.ask(own);
    const second = await store().farewells.ask(own);
    const hidden = await list();
    await store().query(
      "update farewells set due_at = now() + interval '1 hour' where person_id = $1",
      [userId],
    );
    const isBack = await store().farewells.takeBack(own);
    const isBackAgain = await store().farewells.takeBack(own);

    expect(second).toEqual(first);
    expect(hidden).toBe(0);
    expect([isBack, isBackAgain]).toEqual([true, false]);
    expect(await list()).toBe(1);
    expect(await store().farewells.pending(own)).toBeNull();
  });

  test("everything() gives all that is the person's and nothing of others", async () => {
    const [ana, ben, place] = [newName("ana"), newName("ben"), newChannel()];
    const [words, other] = [newName("canary"), newName("parrot")];
    await plant(store(), place, ana, words);
    await plant(store(), place, ben, other);

    const all = await store().farewells.everything(newDm(ana).scope(ana));

    const holding = Object.entries(all).filter(([, rows]) => JSON.stringify(rows).includes(words));
    expect(holding.map(([kind]) => kind).toSorted()).toEqual([
      "approvals",
      "episodes",
      "files",
      "intentions",
      "mailAccounts",
      "mailDrafts",
      "mailRules",
      "mails",
      "memories",
      "messages",
      "neverLearnt",
      "relations",
      "reminders",
      "schedules",
      "secretNames",
      "settings",
    ]);
    expect(JSON.stringify(all)).not.toContain(other);
    expect(JSON.stringify(all)).not.toContain("sealed");
  });

  test("a copy holds no account of a talk that others took part in, nor of one that is forgotten", async () => {
    const [ana, ben, place] = [newName("ana"), newName("ben"), newChannel()];
    const scope = place.scope(ana);
    const [forgotten, own, first, second] = [
      place.message(ana, "long ago"),
      place.message(ana, "my boat leaks"),
      place.message(ana, "and now?"),
      place.message(ben, "use tar"),
    ];
    await hear(store(), forgotten, own, first, second);
    const save = async (summary: string, ...said: readonly (typeof own)[]) => {
      const talk = { ...EPISODE, summary, lines: said.map(lineOf) };
      expect(await store().episodes.save(scope, place.conversation.id, talk)).toBe(true);
    };
    await save("It was long ago", forgotten);
    await store().memories.forgetAll(newDm(ana).scope(ana));
    await store().query("update memory_people set forgotten_at = $2 where person_id = $1", [
      scope.principal.userId,
      new Date(forgotten.sentAt.getTime() + 1),
    ]);
    await save("Ana has a boat", own);
    await save("Ben knows tar", first, second);

    const { episodes } = await store().farewells.everything(newDm(ana).scope(ana));

    expect(episodes).toMatchObject([{ summary: "Ana has a boat", topics: ["boat"] }]);
  });

  test("a copy holds what the person agreed to and forbade", async () => {
    const ana = newName("ana");
    const scope = newDm(ana).scope(ana);
    const { userId } = scope.principal;
    await store().query(
      "insert into people (id, platform, display_name) values ($1, 'discord', '') on conflict do nothing",
      [userId],
    );
    await store().query(
      "insert into tool_rules (holder, tool, verdict, clicker, set_by) values ($1, 'send', 'deny', 'asker', $2)",
      [`person:${userId}`, userId],
    );
    await store().query(
      "insert into tool_grants (person_id, audience, tool, args_hash) values ($1, 'a', 'draw', 'hash')",
      [userId],
    );

    const { rules, grants } = await store().farewells.everything(scope);

    expect(rules).toMatchObject([{ tool: "send", verdict: "deny" }]);
    expect(grants).toMatchObject([{ tool: "draw" }]);
  });
});

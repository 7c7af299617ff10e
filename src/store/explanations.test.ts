import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import {
  answer,
  answered,
  ask,
  converse,
  hear,
  MANAGER,
  newChannel,
  newDm,
  newId,
  newName,
  start,
} from "../../test/talk.ts";
import { messageId } from "../core/ids.ts";
import type { StepCost } from "../core/turn.ts";

const COST: StepCost = {
  provider: "p",
  model: "m-1",
  usage: {
    inputTokens: 100,
    cachedInputTokens: 40,
    cacheWriteTokens: 0,
    outputTokens: 20,
    costUsd: 0.5,
    estimated: false,
  },
};
const CONTEXT = { lines: 3, leftOut: 1, quoted: 2, summaryUpTo: null, memories: 0 };

describeStore("explanations", (open) => {
  const store = share(open);

  /** Ana's answer with a model call, two tools and the message that it became. */
  async function explained() {
    const place = newChannel();
    const started = await start(
      store(),
      await ask(store(), place.message("ana", "hm?"), { tier: "high" }),
    );
    const { lease } = started;
    const model = { kind: "model", name: "asked", effect: "read" } as const;
    const tool = { kind: "tool", effect: "read", input: {} } as const;
    await store().steps.begin(lease, [{ ...model, seq: 0, input: CONTEXT }]);
    await store().steps.end(lease, 0, { cost: { ...COST, usage: { ...COST.usage } } }, COST);
    await store().steps.begin(lease, [
      { ...tool, seq: 1, name: "good" },
      { ...tool, seq: 2, name: "bad" },
      { ...tool, seq: 3, name: "lost" },
    ]);
    await store().steps.end(lease, 1, { callId: "1", text: "a", isError: false }, null);
    await store().steps.end(lease, 2, { callId: "2", text: "b", isError: true }, null);
    const answerId = messageId(`discord:${await answer(store(), started, "Hm.")}`);
    return { place, answerId };
  }

  test("explain() tells the asker how his answer came about", async () => {
    const { place, answerId } = await explained();

    const facts = await store().explanations.explain(place.scope("ana"), answerId);

    expect(facts).toMatchObject({
      trigger: "mention",
      tier: "high",
      models: ["p/m-1"],
      context: CONTEXT,
      revision: 0,
      claims: 1,
      ahead: 0,
      detail: "answered",
      cost: { costUsd: 0.5, inputTokens: 100, cachedInputTokens: 40, outputTokens: 20, calls: 1 },
    });
    expect(facts?.tools.map(({ name, result }) => [name, result])).toEqual([
      ["good", "ok"],
      ["bad", "error"],
      ["lost", "unknown"],
    ]);
    expect(facts?.tookMs).toBeGreaterThan(0);
  });

  test("explain() tells what it cost to the asker and who keeps order, and nothing of it elsewhere", async () => {
    const { place, answerId } = await explained();
    const sameGuild = newChannel(place.conversation.guildId ?? undefined);
    const { explain } = store().explanations;

    const byBen = await explain(place.scope("ben"), answerId);
    const byManager = await explain(place.scope("mod", MANAGER), answerId);
    const elsewhere = await explain(sameGuild.scope("ana"), answerId);
    const inPrivate = await explain(newDm("ana").scope("ana"), answerId);

    expect([byBen?.cost, byManager?.cost?.costUsd]).toEqual([null, 0.5]);
    expect([elsewhere, inPrivate]).toEqual([null, null]);
  });

  test("explain() knows an answer by each of its messages", async () => {
    const place = newChannel();
    const { lease, job } = await start(store(), await ask(store(), place.message("ana", "hm?")));
    const parts = ["one", "two"].map((content) => ({ content, file: null }));
    await store().outbox.plan(lease, parts, answered("one two"));
    const [first, second] = [newId(), newId()];
    await store().outbox.settle(lease, 0, "done", first);
    await store().outbox.settle(lease, 1, "done", second);
    await store().turns.finish(lease, job, answered("one two"));
    const { explain } = store().explanations;

    const facts = await explain(place.scope("ana"), messageId(`discord:${second}`));

    expect(facts?.turnId).toBe(lease.turnId);
    expect(await explain(place.scope("ana"), messageId(`web:${second}`))).toBeNull();
  });

  test("explain() counts what had to be answered first", async () => {
    const place = newChannel();
    const first = await ask(store(), place.message("ben", "one"));
    const second = await ask(store(), place.message("ana", "two"));
    await answer(store(), await start(store(), first), "1");
    const answerId = await answer(store(), await start(store(), second), "2");

    const facts = await store().explanations.explain(
      place.scope("ana"),
      messageId(`discord:${answerId}`),
    );

    expect(facts?.ahead).toBe(1);
  });

  test("explain() shows nothing of a question that was taken back but that there was one", async () => {
    const place = newChannel();
    const question = place.message("ana", "hm?");
    const started = await start(store(), await ask(store(), question));
    await store().steps.begin(started.lease, [
      { seq: 0, kind: "model", name: "asked", effect: "read", input: CONTEXT },
    ]);
    const answerId = await answer(store(), started, "Hm.");
    await store().inbox.forget([question.id]);

    const facts = await store().explanations.explain(
      place.scope("ana"),
      messageId(`discord:${answerId}`),
    );

    expect(facts).toMatchObject({ models: ["asked"], context: null });
  });

  test("fateOf() knows what became of a message", async () => {
    const place = newChannel();
    const scope = place.scope("ana");
    const [done, open_, heard, lost] = ["a", "b", "c", "d"].map((text) =>
      place.message("ana", text),
    );
    const { answerId } = await converse(store(), done!, "A.");
    const undelivered = await start(store(), await ask(store(), lost!));
    await store().turns.finish(undelivered.lease, undelivered.job, answered("D."));
    await ask(store(), open_!);
    await hear(store(), heard!);
    const { fateOf } = store().explanations;

    const fates = await Promise.all(
      [done!.id, open_!.id, heard!.id, lost!.id, messageId("discord:404")].map((id) =>
        fateOf(scope, id),
      ),
    );

    expect(fates).toEqual([
      { kind: "answered", messageId: answerId, detail: "answered" },
      { kind: "open" },
      { kind: "heard" },
      { kind: "undeliverable" },
      { kind: "unknown" },
    ]);
  });

  test("fateOf() finds the answer of a message that was answered together with a later one", async () => {
    const name = newName("ana");
    const place = newChannel();
    const [first, second] = [place.message(name, "one"), place.message(name, "two")];
    const turnId = await ask(store(), first, { trigger: "active" });
    await ask(store(), second, { trigger: "active" });
    const answerId = await answer(store(), await start(store(), turnId), "both");

    const fate = await store().explanations.fateOf(place.scope(name), second.id);

    expect(fate).toMatchObject({ kind: "answered", messageId: answerId });
  });

  test("lastSpokeAt() gives the newest message of that person in that guild", async () => {
    const name = newName("ana");
    const place = newChannel();
    const other = newChannel(place.conversation.guildId ?? undefined);
    const abroad = newChannel();
    await hear(store(), place.message(name, "one"));
    const last = other.message(name, "two");
    await hear(store(), last);
    await hear(store(), abroad.message(name, "three"), place.message("ben", "four"));
    const { lastSpokeAt } = store().acquaintances;

    const at = await lastSpokeAt(place.scope(name), new Date(0));
    const since = await lastSpokeAt(place.scope(name), last.sentAt);

    expect([at, since]).toEqual([last.sentAt, null]);
  });

  test("meet() makes a cost chargeable where nothing was said, and begins no watermark", async () => {
    const name = newName("new");
    const place = newChannel();
    const scope = place.scope(name);
    await store().acquaintances.meet(scope, place.conversation);

    const side = { purpose: "catch-up", turnId: null, cost: COST } as const;
    await store().ledger.charge(scope, place.conversation.id, side);

    const marks = await store().inbox.watermarks("discord");
    expect(marks.map(({ conversation }) => conversation.id)).not.toContain(place.conversation.id);
  });
});

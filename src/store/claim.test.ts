import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { answer, answered, ask, claim, newChannel, start, take } from "../../test/talk.ts";

const CALL = { seq: 0, kind: "model", name: "m", effect: "read", input: {} } as const;

describeStore("claim()", (open) => {
  const store = share(open);

  test("each claim has a generation of its own", async () => {
    const turnId = await ask(store(), newChannel().message("ana", "hello"));
    const job = await take(store(), turnId);

    const generations = [await claim(store(), job), await claim(store(), job)].map(
      ({ lease }) => lease.generation,
    );

    expect(generations).toEqual([1, 2]);
  });

  test("a turn that is done, or whose job is another one, is settled", async () => {
    const turnId = await ask(store(), newChannel().message("ana", "hello"));
    const started = await start(store(), turnId);
    const other = { ...started.job, jobId: crypto.randomUUID() };
    expect(await store().turns.claim(other)).toEqual({ kind: "settled" });

    await answer(store(), started, "Hello!");

    expect(await store().turns.claim(started.job)).toEqual({ kind: "settled" });
  });

  test("a worker that comes late with an earlier attempt does not take the turn from the newer one", async () => {
    const turnId = await ask(store(), newChannel().message("ana", "hello"));
    const early = await take(store(), turnId);
    await store().queue.release(early, 0);
    const { job: late, lease } = await start(store(), turnId);
    expect(late.attempt).toBe(early.attempt + 1);

    expect(await store().turns.claim(early)).toEqual({ kind: "settled" });
    await store().queue.drop(early);

    expect(await store().turns.interrupted([lease])).toEqual(new Map());
    await store().steps.begin(lease, [CALL]);
  });

  test("gives the steps of earlier generations with what is known of them, in their order", async () => {
    const turnId = await ask(store(), newChannel().message("ana", "hello"));
    const { job, lease } = await start(store(), turnId);
    const tool = { ...CALL, kind: "tool", name: "t", effect: "outside" } as const;
    await store().steps.begin(lease, [{ ...tool, seq: 2, input: { a: "\0" } }]);
    await store().steps.begin(lease, [CALL, { ...tool, seq: 1 }]);
    await store().steps.end(lease, 0, { text: "hm" }, null);

    const { claim: taken } = await claim(store(), job);

    expect(taken.steps).toEqual([
      { ...CALL, result: { text: "hm" } },
      { ...tool, seq: 1, result: null },
      { ...tool, seq: 2, input: { a: "\ufffd" }, result: null },
    ]);
  });

  test("gives the parts that may exist, in their order, and not those that were removed", async () => {
    const turnId = await ask(store(), newChannel().message("ana", "hello"));
    const { job, lease } = await start(store(), turnId);
    const one = await store().outbox.open(lease, 1, "one");
    const zero = await store().outbox.open(lease, 0, "zero");
    await store().outbox.open(lease, 2, "two");
    await store().outbox.sent(turnId, 0, "m0");
    await store().outbox.settle(lease, 2, "removed", null);

    const { claim: taken } = await claim(store(), job);

    expect(taken.parts).toEqual([
      { ...zero, messageId: "m0", ageMs: expect.any(Number) },
      { ...one, ageMs: expect.any(Number) },
    ]);
  });

  test("a turn whose words were planned before the crash is only to be delivered", async () => {
    const turnId = await ask(store(), newChannel().message("ana", "hello"));
    const { job, lease } = await start(store(), turnId);
    const file = { name: "all.txt", text: "all\0" };
    await store().outbox.plan(lease, [{ content: "Hi!", file }], answered("Hi\ud800!"));

    const { claim: taken } = await claim(store(), job);

    expect(taken).toMatchObject({
      planned: true,
      outcome: answered("Hi\ufffd!"),
      parts: [{ part: 0, content: "Hi!", file: { name: "all.txt", text: "all\ufffd" } }],
    });
  });

  test("counts the claims of a revision, and begins anew with the next one", async () => {
    const place = newChannel();
    const question = place.message("ana", "hello");
    const turnId = await ask(store(), question);
    const first = await start(store(), turnId);
    await store().queue.release(first.job, 0);
    const second = await start(store(), turnId);
    await store().inbox.revise(place.scope("ana"), question.id, "hello!");
    await store().queue.drop(second.job);
    const third = await start(store(), turnId);

    expect([first, second, third].map(({ claim: { turn } }) => turn.claims)).toEqual([1, 2, 1]);
  });

  test("a turn that was stopped while it waited says so", async () => {
    const place = newChannel();
    const turnId = await ask(store(), place.message("ana", "hello"));
    await store().turns.cancel(place.scope("ana"), turnId, "stopped");

    const { claim: taken } = await start(store(), turnId);

    expect(taken.cancelled).toBe("stopped");
  });

  test("tells how long the turn waited", async () => {
    const turnId = await ask(store(), newChannel().message("ana", "hello"));
    await store().query("update turns set queued_at = now() - interval '3 seconds' where id = $1", [
      turnId,
    ]);

    const { claim: taken } = await start(store(), turnId);

    expect(taken.turn.waitedMs).toBeGreaterThanOrEqual(3_000);
    expect(taken.turn.waitedMs).toBeLessThan(10_000);
    expect(Math.abs(taken.turn.queuedAt.getTime() + 3_000 - Date.now())).toBeLessThan(10_000);
  });
});

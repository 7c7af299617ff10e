import { describe, expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { accept, answer, answered, ask, claim, newChannel, start, take } from "../../test/talk.ts";
import type { IncomingMessage } from "../core/message.ts";
import type { Answering } from "../core/stores.ts";

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

  describe("in an active channel", () => {
    const ACTIVE: Partial<Answering> = { trigger: "active" };
    const absorbedBy = async (first: IncomingMessage, ...others: IncomingMessage[]) => {
      const turnId = await ask(store(), first, ACTIVE);
      for (const other of others) await accept(store(), other, ACTIVE);
      const { claim: taken } = await start(store(), turnId);
      return { triggerId: taken.turn.triggerId, absorbed: taken.turn.absorbed };
    };

    test("what the same person says on is answered with the last of it", async () => {
      const place = newChannel();
      const [one, two, three] = [
        place.message("ana", "one"),
        place.message("ana", "two"),
        place.message("ana", "three"),
      ] as const;

      expect(await absorbedBy(one, two, three)).toEqual({
        triggerId: three.id,
        absorbed: [one.id, two.id],
      });
      const jobs = await store().query(
        "select from pgboss.job where singleton_key = $1 and state = 'created'",
        [place.conversation.id],
      );
      expect(jobs).toEqual([]);
      const states = await store().query(
        "select state from turns where conversation_id = $1 order by seq",
        [place.conversation.id],
      );
      expect(states).toEqual([{ state: "running" }, { state: "merged" }, { state: "merged" }]);
    });

    test("the one who said all of it is told of no turns ahead afterwards", async () => {
      const place = newChannel();
      await absorbedBy(place.message("ana", "one"), place.message("ana", "two"));

      expect(await accept(store(), place.message("ben", "me?"), ACTIVE)).toMatchObject({
        ahead: 1,
      });
    });

    test("somebody else in between ends the run", async () => {
      const place = newChannel();
      const [one, two] = [place.message("ana", "one"), place.message("ana", "two")];

      const absorbed = await absorbedBy(
        one,
        two,
        place.message("ben", "and I?"),
        place.message("ana", "three"),
      );

      expect(absorbed).toEqual({ triggerId: two.id, absorbed: [one.id] });
    });

    test("a message with a tier of its own ends the run", async () => {
      const place = newChannel();
      const one = place.message("ana", "one");
      const turnId = await ask(store(), one, ACTIVE);
      await ask(store(), place.message("ana", "!high two"), { ...ACTIVE, tier: "high" });
      await ask(store(), place.message("ana", "three"), ACTIVE);

      const { claim: taken } = await start(store(), turnId);

      expect(taken.turn).toMatchObject({ triggerId: one.id, absorbed: [] });
    });

    test("a mention is a question of its own, on either side", async () => {
      const place = newChannel();
      const one = place.message("ana", "one");
      const turnId = await ask(store(), one, ACTIVE);
      const two = place.message("ana", "@Clara two");
      const secondId = await ask(store(), two);
      await ask(store(), place.message("ana", "three"), ACTIVE);

      const first = await start(store(), turnId);
      expect(first.claim.turn.absorbed).toEqual([]);

      await answer(store(), first, "1");
      const second = await start(store(), secondId);
      expect(second.claim.turn).toMatchObject({ triggerId: two.id, absorbed: [] });
    });

    test("a question that was told to wait gets the answer of its own that it was promised", async () => {
      const place = newChannel();
      const one = place.message("ana", "one");
      const turnId = await ask(store(), one, ACTIVE);
      await accept(store(), place.message("ana", "two"), ACTIVE, () => "You wait");

      const { claim: taken } = await start(store(), turnId);

      expect(taken.turn.absorbed).toEqual([]);
    });

    test("a question that was taken back is left out, and ends the run", async () => {
      const place = newChannel();
      const [one, two, three] = [
        place.message("ana", "one"),
        place.message("ana", "two"),
        place.message("ana", "three"),
      ] as const;
      const turnId = await ask(store(), one, ACTIVE);
      await ask(store(), two, ACTIVE);
      await ask(store(), three, ACTIVE);
      await store().inbox.forget([two.id]);

      const { claim: taken } = await start(store(), turnId);

      expect(taken.turn).toMatchObject({ triggerId: one.id, absorbed: [] });
    });

    test("an edited question is answered by itself", async () => {
      const place = newChannel();
      const one = place.message("ana", "one");
      const turnId = await ask(store(), one, ACTIVE);
      const started = await start(store(), turnId);
      await store().inbox.revise(place.scope("ana"), one.id, "won");
      await store().queue.drop(started.job);
      await ask(store(), place.message("ana", "two"), ACTIVE);

      const { claim: taken } = await start(store(), turnId);

      expect(taken.turn).toMatchObject({ absorbed: [], revision: 1 });
    });

    test("nothing is absorbed at a second try, and the first one's questions stay with it", async () => {
      const place = newChannel();
      const [one, two] = [place.message("ana", "one"), place.message("ana", "two")];
      const turnId = await ask(store(), one, ACTIVE);
      await ask(store(), two, ACTIVE);
      const { job } = await start(store(), turnId);
      await ask(store(), place.message("ana", "three"), ACTIVE);

      const { claim: taken } = await claim(store(), job);

      expect(taken.turn).toMatchObject({ triggerId: two.id, absorbed: [one.id] });
    });

    test("a stopped turn absorbs nothing", async () => {
      const place = newChannel();
      const one = place.message("ana", "one");
      const turnId = await ask(store(), one, ACTIVE);
      await ask(store(), place.message("ana", "two"), ACTIVE);
      await store().turns.cancel(place.scope("ana"), turnId, "stopped");

      const { claim: taken } = await start(store(), turnId);

      expect(taken.turn.absorbed).toEqual([]);
    });

    test("at most twenty are absorbed, the rest waits for the next turn", async () => {
      const place = newChannel();
      const first = place.message("ana", "0");
      const others = Array.from({ length: 25 }, (_, index) => place.message("ana", `${index + 1}`));

      const { absorbed, triggerId } = await absorbedBy(first, ...others);

      expect(absorbed).toEqual([first, ...others.slice(0, 19)].map(({ id }) => id));
      expect(triggerId).toBe(others[19]?.id);
    });

    test("absorbing while more is said loses nothing: every message has one turn that answers it", async () => {
      const place = newChannel();
      const first = await ask(store(), place.message("ana", "0"), ACTIVE);
      const job = await take(store(), first);
      const said = Array.from({ length: 12 }, (_, index) => place.message("ana", `${index}`));

      await Promise.all([
        claim(store(), job),
        ...said.map((message) => accept(store(), message, ACTIVE)),
      ]);

      const turns = await store().query(
        "select id, state, merged_into, absorbed || trigger_id as questions from turns where conversation_id = $1",
        [place.conversation.id],
      );
      const answering = turns.filter(({ state }) => state !== "merged");
      const questions = answering.flatMap((turn) => turn["questions"] as string[]);
      expect(questions.toSorted()).toEqual(
        [first.replace("turn:", ""), ...said.map(({ id }) => id)].toSorted(),
      );
    });
  });
});

import { describe, expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import {
  answer,
  answered,
  ask,
  claim,
  MANAGER,
  newChannel,
  newDm,
  newId,
  newName,
  start,
} from "../../test/talk.ts";
import { guildId, turnIdOf } from "../core/ids.ts";
import { ScopeError, type Scope } from "../core/principal.ts";
import { LeaseLost } from "../core/turn.ts";

/** Who, in a channel of a guild where ana asked, and whether they may stop her turn. */
const WHO: readonly (readonly [
  string,
  boolean,
  (place: ReturnType<typeof newChannel>) => Scope,
])[] = [
  ["who asked", true, (place) => place.scope("ana")],
  ["somebody else of the place", false, (place) => place.scope("ben")],
  ["who keeps order in this guild", true, (place) => place.scope("mod", MANAGER)],
  ["who keeps order in another guild", false, () => newChannel().scope("mod", MANAGER)],
  ["who asked, from another place of the guild", false, (place) => elsewhere(place).scope("ana")],
  ["who keeps order, from a private place", false, () => newDm("mod").scope("mod", MANAGER)],
];

const elsewhere = ({ conversation }: ReturnType<typeof newChannel>) =>
  newChannel(conversation.guildId ?? undefined);

describeStore("turns", (open) => {
  const store = share(open);

  describe.each(WHO)("for %s (may: %s)", (_, may, scopeIn) => {
    test("cancel() says whether it stops the turn", async () => {
      const place = newChannel();
      const turnId = await ask(store(), place.message("ana", "hello"));
      const { lease } = await start(store(), turnId);

      expect(await store().turns.cancel(scopeIn(place), turnId, "stopped")).toBe(may);

      const interrupted = await store().turns.interrupted([lease]);
      expect([...interrupted]).toEqual(may ? [[turnId, "stopped"]] : []);
    });

    test("openTurn() finds the turn or nothing", async () => {
      const place = newChannel();
      const turnId = await ask(store(), place.message("ana", "hello"));

      const found = await store().turns.openTurn(scopeIn(place), place.conversation.id);

      expect(found).toBe(may ? turnId : null);
    });
  });

  test("a scope that contradicts itself stops nothing", async () => {
    const place = newChannel();
    const turnId = await ask(store(), place.message("ana", "hello"));
    const scope = place.scope("mod", { ...MANAGER, guildId: guildId("discord:other") });

    await expect(store().turns.cancel(scope, turnId, "stopped")).rejects.toThrow(ScopeError);
    await expect(store().turns.openTurn(scope, place.conversation.id)).rejects.toThrow(ScopeError);
  });

  test("nobody keeps order in a private place of others", async () => {
    const name = newName("ana");
    const place = newDm(name);
    const turnId = await ask(store(), place.message(name, "hello"));
    const manager = newDm("mod").scope("mod", MANAGER);

    expect(await store().turns.cancel(manager, turnId, "stopped")).toBe(false);
    expect(await store().turns.cancel(place.scope(name), turnId, "stopped")).toBe(true);
  });

  test("openTurn() prefers the running turn, then the newest, and knows no ended or stopped one", async () => {
    const place = newChannel();
    const scope = place.scope("ana");
    const [first, second, third] = [
      await ask(store(), place.message("ana", "one")),
      await ask(store(), place.message("ana", "two")),
      await ask(store(), place.message("ana", "three")),
    ];
    const openTurn = () => store().turns.openTurn(scope, place.conversation.id);
    expect(await openTurn()).toBe(third);

    const started = await start(store(), first);
    expect(await openTurn()).toBe(first);

    await answer(store(), started, "1");
    expect(await openTurn()).toBe(third);

    await store().turns.cancel(scope, third, "stopped");
    expect(await openTurn()).toBe(second);
  });

  test("a turn is stopped once, and not once its words are planned", async () => {
    const place = newChannel();
    const scope = place.scope("ana");
    const turnId = await ask(store(), place.message("ana", "one"));
    expect(await store().turns.cancel(scope, turnId, "stopped")).toBe(true);
    expect(await store().turns.cancel(scope, turnId, "stopped")).toBe(false);

    const planned = await start(store(), await ask(store(), newChannel().message("ana", "two")));
    await store().outbox.plan(planned.lease, [], answered("x"));
    const { scope: own, id } = planned.claim.turn;
    expect(await store().turns.cancel(own, id, "stopped")).toBe(false);
  });

  test("an unknown turn is not stopped", async () => {
    const unknown = turnIdOf(newChannel().message("ana", "never said").id);

    expect(await store().turns.cancel(newChannel().scope("ana"), unknown, "stopped")).toBe(false);
  });

  test("interrupted() tells of many at once: stopped, edited, lost, and nothing of the others", async () => {
    const place = () => newChannel();
    const [stopped, lost, fine] = [
      await start(store(), await ask(store(), place().message("ana", "stopped"))),
      await start(store(), await ask(store(), place().message("ana", "lost"))),
      await start(store(), await ask(store(), place().message("ana", "fine"))),
    ];
    const { turn } = stopped.claim;
    await store().turns.cancel(turn.scope, turn.id, "stopped");
    await claim(store(), lost.job);

    const interrupted = await store().turns.interrupted([stopped.lease, lost.lease, fine.lease]);

    expect(interrupted).toEqual(
      new Map([
        [stopped.lease.turnId, "stopped"],
        [lost.lease.turnId, "lost"],
      ]),
    );
    expect(await store().turns.interrupted([])).toEqual(new Map());
  });
});

describeStore("finish()", (open) => {
  const store = share(open);
  const recent = (place: ReturnType<typeof newChannel>) =>
    store().transcript.recent(place.scope("ana"), place.conversation.id, {
      limit: 50,
      upTo: null,
      after: null,
    });

  test("ends the turn and its job, and keeps the answer under the id of its first part", async () => {
    const place = newChannel();
    const question = place.message("ana", "hello");
    const turnId = await ask(store(), question);

    const sentAs = await answer(store(), await start(store(), turnId), "Hello\0!");

    expect(await recent(place)).toMatchObject([
      { id: question.id },
      {
        id: `discord:${sentAs}`,
        role: "clara",
        authorId: question.author.userId,
        text: "Hello\ufffd!",
        replyTo: question.id,
        sentAt: new Date(question.sentAt.getTime() + 1),
      },
    ]);
    const [row] = await store().query(
      "select turns.state, job.state::text as job from turns join pgboss.job on job.id = job_id where turns.id = $1",
      [turnId],
    );
    expect(row).toEqual({ state: "done", job: "completed" });
  });

  test("lets the next turn of the conversation begin", async () => {
    const place = newChannel();
    const first = await start(store(), await ask(store(), place.message("ana", "one")));
    const second = await ask(store(), place.message("ana", "two"));
    await expect(start(store(), second)).rejects.toThrow("not to be had");

    await answer(store(), first, "1");

    expect(await start(store(), second)).toMatchObject({ lease: { generation: 1 } });
  });

  test("an answer that was never sent is kept all the same", async () => {
    const place = newChannel();
    const { lease, job } = await start(store(), await ask(store(), place.message("ana", "hi")));

    await store().turns.finish(lease, job, answered("Hello!"));

    expect(await recent(place)).toMatchObject([{ text: "hi" }, { text: "Hello!" }]);
  });

  test("words of the moment are no line of the transcript", async () => {
    const place = newChannel();
    const { lease, job } = await start(store(), await ask(store(), place.message("ana", "hi")));

    await store().turns.finish(lease, job, answered(null, "model:timeout"));

    expect(await recent(place)).toMatchObject([{ text: "hi" }]);
  });

  test("a finish with an old attempt does not end the new attempt's job", async () => {
    const place = newChannel();
    const turnId = await ask(store(), place.message("ana", "hi"));
    const old = await start(store(), turnId);
    await store().queue.release(old.job, 0);
    const { job: newer } = await start(store(), turnId);

    await expect(store().turns.finish(old.lease, old.job, answered("x"))).rejects.toThrow(
      LeaseLost,
    );
    await store().queue.drop(old.job);

    const [row] = await store().query("select state::text from pgboss.job where id = $1", [
      newer.jobId,
    ]);
    expect(row).toEqual({ state: "active" });
  });

  test("the reservation of its calls ends with the turn", async () => {
    const place = newChannel(guildId(`discord:${newId()}`));
    const {
      lease,
      job,
      claim: taken,
    } = await start(store(), await ask(store(), place.message("ana", "hi")));
    const { scope, conversation } = taken.turn;
    await store().ledger.reserve(scope, lease, conversation.id, [], new Date(0), 5);
    const spent = () => store().ledger.spent(scope, conversation.id, "channel", new Date(0));
    expect(await spent()).toEqual({ costUsd: 5, turns: 1 });

    await store().turns.finish(lease, job, answered(null));

    expect(await spent()).toEqual({ costUsd: 0, turns: 0 });
  });
});

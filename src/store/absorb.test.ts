import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { accept, answer, ask, claim, newChannel, start, take } from "../../test/talk.ts";
import type { IncomingMessage } from "../core/message.ts";
import type { Answering } from "../core/stores.ts";

describeStore("In an active channel", (open) => {
  const store = share(open);
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

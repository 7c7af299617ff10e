import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import {
  answer,
  answered,
  ask,
  claim,
  converse,
  hear,
  newChannel,
  start,
  take,
} from "../../test/talk.ts";
import { messageId } from "../core/ids.ts";
import { LeaseLost } from "../core/turn.ts";

describeStore("revise()", (open) => {
  const store = share(open);
  const linesOf = async (place: ReturnType<typeof newChannel>) => {
    const options = { limit: 50, upTo: null, after: null };
    const lines = await store().transcript.recent(
      place.scope("ana"),
      place.conversation.id,
      options,
    );
    return lines.map(({ text }) => text);
  };

  test("changes a message that was only heard", async () => {
    const place = newChannel();
    const message = place.message("ana", "teh");
    await hear(store(), message);

    const revised = await store().inbox.revise(place.scope("ana"), message.id, "the\0");

    expect(revised).toEqual({ kind: "changed" });
    expect(await linesOf(place)).toEqual(["the\ufffd"]);
  });

  test("changes nothing for the same words, an unknown message, a deleted one or one of Clara's", async () => {
    const place = newChannel();
    const question = place.message("ana", "hello");
    const { answerId } = await converse(store(), question, "Hello!");
    const deleted = place.message("ana", "gone");
    await hear(store(), deleted);
    await store().inbox.forget([deleted.id]);
    const revise = (id: string, text: string) =>
      store().inbox.revise(place.scope("ana"), messageId(id), text);

    expect(await revise(question.id, "hello")).toEqual({ kind: "unchanged" });
    expect(await revise("discord:unknown", "new")).toEqual({ kind: "unchanged" });
    expect(await revise(deleted.id, "back again")).toEqual({ kind: "unchanged" });
    expect(await revise(`discord:${answerId}`, "I said so")).toEqual({ kind: "unchanged" });
    expect(await linesOf(place)).toEqual(["hello", "Hello!"]);
  });

  test("nobody revises the words of somebody else", async () => {
    const place = newChannel();
    const message = place.message("ana", "mine");
    await hear(store(), message);

    const revised = await store().inbox.revise(place.scope("ben"), message.id, "ben's");

    expect(revised).toEqual({ kind: "unchanged" });
    expect(await linesOf(place)).toEqual(["mine"]);
  });

  test("gives a waiting question its new words, and no second turn", async () => {
    const place = newChannel();
    const question = place.message("ana", "teh");
    const turnId = await ask(store(), question);

    const revised = await store().inbox.revise(place.scope("ana"), question.id, "the");

    expect(revised).toEqual({ kind: "changed" });
    const { claim: taken } = await start(store(), turnId);
    expect(taken.turn.revision).toBe(0);
    expect(await linesOf(place)).toEqual(["the"]);
  });

  test("a running turn goes again, and the worker that has it has lost it", async () => {
    const place = newChannel();
    const question = place.message("ana", "teh");
    const turnId = await ask(store(), question);
    const first = await start(store(), turnId);
    await store().outbox.open(first.lease, 0, "Half an");
    await store().steps.begin(first.lease, [
      { seq: 0, kind: "model", name: "m", effect: "read", input: {} },
    ]);

    const revised = await store().inbox.revise(place.scope("ana"), question.id, "the");

    expect(revised).toEqual({ kind: "again", turnId });
    await expect(store().outbox.open(first.lease, 1, "more")).rejects.toThrow(LeaseLost);
    expect(await store().turns.interrupted([first.lease])).toEqual(new Map([[turnId, "edited"]]));
    await store().queue.drop(first.job);
    const second = await start(store(), turnId);
    expect(second.claim).toMatchObject({
      turn: { revision: 1, triggerId: question.id },
      parts: [{ part: 0, content: "Half an" }],
      steps: [],
      planned: false,
    });
    expect(second.lease.generation).toBeGreaterThan(first.lease.generation);
  });

  test("a turn that was stopped and not ended goes again, and is no longer stopped", async () => {
    const place = newChannel();
    const question = place.message("ana", "teh");
    const turnId = await ask(store(), question);
    const { job } = await start(store(), turnId);
    await store().turns.cancel(place.scope("ana"), turnId, "stopped");

    expect(await store().inbox.revise(place.scope("ana"), question.id, "the")).toMatchObject({
      kind: "again",
    });

    await store().queue.drop(job);
    expect((await start(store(), turnId)).claim.cancelled).toBeNull();
  });

  test("a turn that is being delivered goes again and is composed anew", async () => {
    const place = newChannel();
    const question = place.message("ana", "teh");
    const turnId = await ask(store(), question);
    const first = await start(store(), turnId);
    await store().outbox.plan(first.lease, [{ content: "Old", file: null }], answered("Old"));

    expect(await store().inbox.revise(place.scope("ana"), question.id, "the")).toMatchObject({
      kind: "again",
    });

    await store().queue.drop(first.job);
    const { claim: taken } = await start(store(), turnId);
    expect(taken).toMatchObject({ planned: false, outcome: null, parts: [{ content: "Old" }] });
  });

  test("an answered turn goes again within the hour, and its answer takes the place of the old one", async () => {
    const place = newChannel();
    const question = place.message("ana", "teh");
    const { turnId, answerId } = await converse(store(), question, "Old");

    expect(await store().inbox.revise(place.scope("ana"), question.id, "the")).toEqual({
      kind: "again",
      turnId,
    });
    expect(await linesOf(place)).toEqual(["the", "Old"]);

    const again = await start(store(), turnId);
    expect(again.claim.parts).toMatchObject([{ part: 0, state: "done", messageId: answerId }]);
    await answer(store(), again, "New", answerId);
    expect(await linesOf(place)).toEqual(["the", "New"]);
  });

  test("an answer that went out anew leaves no second line, and one that failed leaves none", async () => {
    const place = newChannel();
    const question = place.message("ana", "one");
    const { turnId } = await converse(store(), question, "Old");
    await store().inbox.revise(place.scope("ana"), question.id, "two");
    await answer(store(), await start(store(), turnId), "New", "another-message");
    expect(await linesOf(place)).toEqual(["two", "New"]);

    await store().inbox.revise(place.scope("ana"), question.id, "three");
    const third = await start(store(), turnId);
    await store().turns.finish(third.lease, third.job, answered(null, "model:timeout"));

    expect(await linesOf(place)).toEqual(["three"]);
  });

  test("an answer that is older than an hour stays", async () => {
    const place = newChannel();
    const question = place.message("ana", "teh");
    const { turnId } = await converse(store(), question, "Old");
    await store().query(
      "update turns set finished_at = now() - interval '61 minutes' where id = $1",
      [turnId],
    );

    const revised = await store().inbox.revise(place.scope("ana"), question.id, "the");

    expect(revised).toEqual({ kind: "changed" });
    expect(await linesOf(place)).toEqual(["the", "Old"]);
  });

  test("an edit of a question that was answered together with others has all of them answered again", async () => {
    const place = newChannel();
    const [first, second] = [place.message("ana", "teh"), place.message("ana", "cat")];
    const turnId = await ask(store(), first, { trigger: "active" });
    await ask(store(), second, { trigger: "active" });
    const started = await start(store(), turnId);
    expect(started.claim.turn).toMatchObject({ absorbed: [first.id], triggerId: second.id });

    const revised = await store().inbox.revise(place.scope("ana"), first.id, "the");

    expect(revised).toEqual({ kind: "again", turnId });
    await store().queue.drop(started.job);
    const { claim: taken } = await start(store(), turnId);
    expect(taken.turn).toMatchObject({ absorbed: [first.id], triggerId: second.id, revision: 1 });
  });

  test("removes the summary that holds the old words, and leaves one that ends before them", async () => {
    const place = newChannel();
    const [early, late] = [place.message("ana", "early"), place.message("ana", "late")];
    await hear(store(), early, late);
    const scope = place.scope("ana");
    const upTo = { upTo: early.id, upToAt: early.sentAt };
    await store().transcript.saveSummary(scope, place.conversation.id, { text: "Sum.", ...upTo });
    const summary = () => store().transcript.summary(scope, place.conversation.id);

    await store().inbox.revise(scope, late.id, "later");
    expect(await summary()).toMatchObject({ text: "Sum." });

    await store().inbox.revise(scope, early.id, "earlier");
    expect(await summary()).toBeNull();
  });

  test("an old job of a turn that went again is settled", async () => {
    const place = newChannel();
    const question = place.message("ana", "teh");
    const turnId = await ask(store(), question);
    const job = await take(store(), turnId);
    await claim(store(), job);
    await store().inbox.revise(place.scope("ana"), question.id, "the");

    expect(await store().turns.claim(job)).toEqual({ kind: "settled" });
  });
});

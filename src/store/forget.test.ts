import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { answered, ask, converse, hear, newChannel, start } from "../../test/talk.ts";
import type { TurnId } from "../core/ids.ts";

const CALL = {
  seq: 0,
  kind: "model",
  name: "m",
  effect: "read",
  input: { said: "secret" },
} as const;

describeStore("forget()", (open) => {
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
  const stepsOf = (turnId: TurnId) =>
    store().query("select input, result from steps where turn_id = $1", [turnId]);

  test("blanks words and attachments of the messages for good", async () => {
    const place = newChannel();
    const attachments = [
      { id: "1", name: "a", contentType: null, sizeBytes: 1, url: "https://x/a" },
    ];
    const [first, second] = [
      place.message("ana", "secret", { attachments }),
      place.message("ana", "kept"),
    ];
    await hear(store(), first, second);

    expect(await store().inbox.forget([first.id])).toEqual([]);
    await hear(store(), first);

    expect(await linesOf(place)).toEqual(["kept"]);
    const [row] = await store().query("select text, attachments from messages where id = $1", [
      first.id,
    ]);
    expect(row).toEqual({ text: "", attachments: [] });
  });

  test("forgets nothing when nothing is named, or nobody knows it", async () => {
    const unknown = newChannel().message("ana", "never stored");

    expect(await store().inbox.forget([])).toEqual([]);
    expect(await store().inbox.forget([unknown.id])).toEqual([]);
  });

  test("a waiting turn is cancelled, and whoever claims it learns why", async () => {
    const question = newChannel().message("ana", "secret");
    const turnId = await ask(store(), question);

    expect(await store().inbox.forget([question.id])).toEqual([turnId]);

    const { claim } = await start(store(), turnId);
    expect(claim.cancelled).toBe("deleted");
  });

  test("a running turn is interrupted, and at its end nothing of the question is left", async () => {
    const place = newChannel();
    const question = place.message("ana", "secret");
    const turnId = await ask(store(), question);
    const { lease, job } = await start(store(), turnId);
    await store().steps.begin(lease, [CALL]);
    await store().steps.end(lease, 0, { text: "a secret" }, null);
    await store().outbox.open(lease, 0, "Your secret");

    expect(await store().inbox.forget([question.id])).toEqual([turnId]);
    expect(await store().turns.interrupted([lease])).toEqual(new Map([[turnId, "deleted"]]));

    const outcome = { state: "cancelled", detail: "deleted", answer: null } as const;
    await store().outbox.plan(lease, [], outcome);
    await store().outbox.settle(lease, 0, "removed", null);
    await store().turns.finish(lease, job, outcome);
    expect(await stepsOf(turnId)).toEqual([{ input: {}, result: {} }]);
    expect(await store().query("select content from outbox where turn_id = $1", [turnId])).toEqual([
      { content: "" },
    ]);
    expect(await linesOf(place)).toEqual([]);
  });

  test("an answer that was planned already stays, but what the model was told goes", async () => {
    const place = newChannel();
    const question = place.message("ana", "secret");
    const turnId = await ask(store(), question);
    const { lease, job } = await start(store(), turnId);
    await store().steps.begin(lease, [CALL]);
    await store().outbox.plan(lease, [{ content: "Done.", file: null }], answered("Done."));

    expect(await store().inbox.forget([question.id])).toEqual([turnId]);
    await store().turns.finish(lease, job, answered("Done."));

    expect(await linesOf(place)).toEqual(["Done."]);
    expect(await stepsOf(turnId)).toEqual([{ input: {}, result: null }]);
  });

  test("a finished answer stays, but the steps that led to it go", async () => {
    const place = newChannel();
    const question = place.message("ana", "secret");
    const turnId = await ask(store(), question);
    const { lease, job } = await start(store(), turnId);
    await store().steps.begin(lease, [CALL]);
    await store().steps.end(lease, 0, { text: "a secret" }, null);
    await store().turns.finish(lease, job, answered("An answer"));

    expect(await store().inbox.forget([question.id])).toEqual([]);

    expect(await linesOf(place)).toEqual(["An answer"]);
    expect(await stepsOf(turnId)).toEqual([{ input: {}, result: {} }]);
  });

  test("Clara's own line can be forgotten too", async () => {
    const place = newChannel();
    const { answerId } = await converse(store(), place.message("ana", "hello"), "Hello!");
    const [line] = await store().query("select id from messages where id = $1", [
      `discord:${answerId}`,
    ]);

    await store().inbox.forget([line?.["id"] as never]);

    expect(await linesOf(place)).toEqual(["hello"]);
  });

  test("a turn that answers several goes on with those that are left", async () => {
    const place = newChannel();
    const [first, second, third] = [
      place.message("ana", "one"),
      place.message("ana", "two"),
      place.message("ana", "three"),
    ] as const;
    const turnId = await ask(store(), first, { trigger: "active" });
    await ask(store(), second, { trigger: "active" });
    await ask(store(), third, { trigger: "active" });
    const started = await start(store(), turnId);
    await store().steps.begin(started.lease, [CALL]);

    expect(await store().inbox.forget([third.id])).toEqual([turnId]);

    expect(await store().turns.interrupted([started.lease])).toEqual(new Map([[turnId, "edited"]]));
    expect(await stepsOf(turnId)).toEqual([{ input: {}, result: null }]);
    await store().queue.drop(started.job);
    const again = await start(store(), turnId);
    expect(again.claim).toMatchObject({
      turn: { absorbed: [first.id], triggerId: second.id, revision: 1 },
      cancelled: null,
      steps: [],
    });

    expect(await store().inbox.forget([first.id, second.id])).toEqual([turnId]);
    expect(await store().turns.interrupted([again.lease])).toEqual(new Map([[turnId, "deleted"]]));
  });

  test("a turn that a person stopped stays stopped when one of its questions goes", async () => {
    const place = newChannel();
    const [first, second] = [place.message("ana", "one"), place.message("ana", "two")];
    const turnId = await ask(store(), first, { trigger: "active" });
    await ask(store(), second, { trigger: "active" });
    const { lease } = await start(store(), turnId);
    await store().turns.cancel(place.scope("ana"), turnId, "stopped");

    expect(await store().inbox.forget([second.id])).toEqual([turnId]);

    expect(await store().turns.interrupted([lease])).toEqual(new Map([[turnId, "stopped"]]));
  });

  test("a summary that covers the message goes", async () => {
    const place = newChannel();
    const [early, late] = [place.message("ana", "early"), place.message("ana", "late")];
    await hear(store(), early, late);
    const scope = place.scope("ana");
    await store().transcript.saveSummary(scope, place.conversation.id, {
      text: "They said early.",
      upTo: early.id,
      upToAt: early.sentAt,
    });
    const summary = () => store().transcript.summary(scope, place.conversation.id);

    await store().inbox.forget([late.id]);
    expect(await summary()).toMatchObject({ text: "They said early." });

    await store().inbox.forget([early.id]);
    expect(await summary()).toBeNull();
  });

  test("a hundred messages go at once, while their turns are claimed and finished", async () => {
    const places = Array.from({ length: 10 }, () => newChannel());
    const questions = places.map((place) => place.message("ana", "secret"));
    const turnIds = await Promise.all(questions.map((question) => ask(store(), question)));
    const running = [];
    for (const turnId of turnIds.slice(0, 5)) running.push(await start(store(), turnId));

    const [stopping] = await Promise.all([
      store().inbox.forget(questions.map(({ id }) => id)),
      ...running.map(({ lease, job }) => store().turns.finish(lease, job, answered("ok"))),
    ]);

    expect(stopping).toEqual(expect.arrayContaining(turnIds.slice(5)));
    const left = await store().query("select text from messages where id = any($1)", [
      questions.map(({ id }) => id),
    ]);
    expect(left).toEqual(questions.map(() => ({ text: "" })));
  });
});

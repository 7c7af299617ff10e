import { expect, test } from "vitest";
import { describeStore, share } from "../../../test/open-test-store.ts";
import { answered, ask, converse, newChannel, newName, start } from "../../../test/talk.ts";
import type { LearnJob } from "../../core/recall.ts";

describeStore("learn jobs", (open) => {
  const store = share(open);
  const countFor = async (turnId: string) =>
    (
      await store().query(
        "select from pgboss.job where name = 'memories' and data->>'turnId' = $1",
        [turnId],
      )
    ).length;

  test("an answered turn gets one, with the scope of whoever asked", async () => {
    const [name, place] = [newName("ana"), newChannel()];
    const question = place.message(name, "I like tea");
    const { turnId } = await converse(store(), question, "Noted.");
    const stop = new AbortController();

    const served = await new Promise<LearnJob>((resolve) => {
      const service = store().learning.serve(async (job) => resolve(job));
      void service.run(stop.signal);
    });

    stop.abort();
    expect(served).toEqual({
      turnId,
      scope: place.scope(name),
      conversationId: place.conversation.id,
      said: [question.id],
      upTo: question.id,
    });
  });

  test("many that wait are taken without pauses between them", async () => {
    const [name, place] = [newName("ana"), newChannel()];
    const tea = await converse(store(), place.message(name, "I like tea"), "Noted.");
    const milk = await converse(store(), place.message(name, "With milk"), "Noted.");
    const wanted = new Set([tea.turnId, milk.turnId]);
    const { promise: all, resolve } = Promise.withResolvers<void>();
    const stop = new AbortController();
    const begunAt = performance.now();

    const service = store().learning.serve(async ({ turnId }) => {
      wanted.delete(turnId);
      if (wanted.size === 0) resolve();
    });
    void service.run(stop.signal);
    await all;

    stop.abort();
    // One in five seconds is what the queue does by itself.
    expect(performance.now() - begunAt).toBeLessThan(4_000);
  });

  test("a turn without an answer gets none", async () => {
    const [name, place] = [newName("ana"), newChannel()];
    const turnId = await ask(store(), place.message(name, "I like tea"));
    const { lease, job } = await start(store(), turnId);

    await store().turns.finish(lease, job, answered(null, "stopped"));

    expect(await countFor(turnId)).toBe(0);
  });
});

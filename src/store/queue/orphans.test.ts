import { expect, test } from "vitest";
import { startChild } from "../../../test/child.ts";
import { createTestDatabase, openStoreAt, describeServer } from "../../../test/open-test-store.ts";
import { ask, claim, newChannel } from "../../../test/talk.ts";
import type { ClaimedJob } from "../../core/stores.ts";
import type { Store } from "../start-store.ts";

const CHECK_EVERY_MS = 100;

/** A store whose services run, as in a second process. */
async function openRunning(url: string) {
  const store = await openStoreAt(url);
  const stop = new AbortController();
  const running = store.services.map((service) => service.run(stop.signal));
  return {
    store,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all(running);
      await store[Symbol.asyncDispose]();
    },
  };
}

/** The next job, and how long it took to come. */
async function nextJob(store: Store): Promise<{ job: ClaimedJob; afterMs: number }> {
  const startedAt = performance.now();
  const stop = new AbortController();
  return new Promise((resolve, reject) => {
    const look = () => {
      store.queue.fetch(1).then(([job]) => {
        if (!job) return;
        stop.abort();
        resolve({ job, afterMs: performance.now() - startedAt });
      }, reject);
    };
    const timer = setInterval(look, CHECK_EVERY_MS);
    stop.signal.addEventListener("abort", () => clearInterval(timer));
  });
}

describeServer("A turn on PostgreSQL", () => {
  test("is taken over within 5 s when its worker is killed", async () => {
    await using database = await createTestDatabase();
    await using running = await openRunning(database.href);
    const turnId = await ask(running.store, newChannel().message("ana", "hello"));
    const child = startChild("work", { kind: "server", url: database.href });
    expect([await child.line(), await child.line()]).toEqual(["open", turnId]);

    await child.kill();
    const { job, afterMs } = await nextJob(running.store);

    expect(job).toMatchObject({ turnId, attempt: 1 });
    expect(afterMs).toBeLessThan(15_000);
    const { lease } = await claim(running.store, job);
    expect(lease.generation).toBe(2);
    await running.store.queue.drop(job);
  });

  test("stays with a worker that lives, and passes on after 10 s of its silence though its session lives", async () => {
    await using database = await createTestDatabase();
    await using running = await openRunning(database.href);
    const turnId = await ask(running.store, newChannel().message("ana", "hello"));
    await using living = startChild("work", { kind: "server", url: database.href });
    expect([await living.line(), await living.line()]).toEqual(["open", turnId]);
    const otherId = await ask(running.store, newChannel().message("ana", "hello"));
    await using silent = startChild("stall", { kind: "server", url: database.href });
    expect([await silent.line(), await silent.line()]).toEqual(["open", otherId]);

    const { job, afterMs } = await nextJob(running.store);

    expect(job).toMatchObject({ turnId: otherId, attempt: 1 });
    expect(afterMs).toBeGreaterThan(8_000);
    expect(afterMs).toBeLessThan(20_000);
    expect(await running.store.queue.fetch(1)).toEqual([]);
  }, 60_000);

  test("stays with a worker that lost its session but is heard of", async () => {
    await using database = await createTestDatabase();
    await using running = await openRunning(database.href);
    // Its services do not run, so that nobody holds its lock.
    await using worker = await openStoreAt(database.href);
    const turnId = await ask(worker, newChannel().message("ana", "hello"));
    const [job] = await worker.queue.fetch(1);
    if (job) await claim(worker, job);
    const touching = setInterval(() => void (job && worker.queue.touch([job])), 500);

    const taken = await Promise.race([
      nextJob(running.store),
      new Promise((resolve) => setTimeout(resolve, 4_000, "nobody")),
    ]);

    clearInterval(touching);
    expect(job?.turnId).toBe(turnId);
    expect(taken).toBe("nobody");
  });
});

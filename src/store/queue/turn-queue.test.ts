import { expect, test } from "vitest";
import { describeStore, share } from "../../../test/open-test-store.ts";
import { answer, ask, claim, converse, newChannel, start, take } from "../../../test/talk.ts";
import type { TurnId } from "../../core/ids.ts";

describeStore("queue", (open) => {
  const store = share(open);
  const isWaiting = async (turnId: TurnId) => {
    const [row] = await store().query(
      "select state::text from pgboss.job where data->>'turnId' = $1",
      [turnId],
    );
    return row?.["state"] === "created" || row?.["state"] === "retry";
  };

  test("gives one turn of a conversation at a time, in the order of the questions", async () => {
    const place = newChannel();
    const turnIds = [
      await ask(store(), place.message("ana", "one")),
      await ask(store(), place.message("ben", "two")),
      await ask(store(), place.message("ana", "three")),
    ];

    const order: TurnId[] = [];
    for (const turnId of turnIds) {
      const started = await start(store(), turnId);
      order.push(started.lease.turnId);
      for (const later of turnIds.slice(order.length)) expect(await isWaiting(later)).toBe(true);
      await answer(store(), started, "ok");
    }

    expect(order).toEqual(turnIds);
  });

  test("gives turns of many conversations at once, as many as are asked for", async () => {
    await store().queue.fetch(64);
    const turnIds: TurnId[] = [];
    for (let index = 0; index < 13; index++)
      turnIds.push(await ask(store(), newChannel().message("ana", "hi")));

    const first = await store().queue.fetch(7);
    const rest = await store().queue.fetch(64);

    expect([first.length, rest.length]).toEqual([7, 6]);
    expect([...first, ...rest].map(({ turnId }) => turnId).toSorted()).toEqual(turnIds.toSorted());
    expect(await store().queue.fetch(5)).toEqual([]);
    expect(await store().queue.fetch(0)).toEqual([]);
  });

  test("gives no job to two who fetch at once", async () => {
    await store().queue.fetch(64);
    for (let index = 0; index < 10; index++) await ask(store(), newChannel().message("ana", "hi"));

    const fetched = await Promise.all(Array.from({ length: 5 }, () => store().queue.fetch(10)));

    const jobIds = fetched.flat().map(({ jobId }) => jobId);
    expect(new Set(jobIds).size).toBe(jobIds.length);
  });

  test("a released turn is there at once, before the later ones of its conversation", async () => {
    const place = newChannel();
    const first = await ask(store(), place.message("ana", "one"));
    const second = await ask(store(), place.message("ana", "two"));
    const job = await take(store(), first);

    await store().queue.release(job, 0);

    expect(await take(store(), first)).toEqual({ ...job, attempt: job.attempt + 1 });
    expect(await isWaiting(second)).toBe(true);
  });

  test("a turn that is released for later waits, and so do those behind it", async () => {
    const place = newChannel();
    const first = await ask(store(), place.message("ana", "one"));
    const second = await ask(store(), place.message("ana", "two"));
    const job = await take(store(), first);

    await store().queue.release(job, 60_000);

    await expect(take(store(), first)).rejects.toThrow("not to be had");
    await expect(take(store(), second)).rejects.toThrow("not to be had");
    await store().query("update pgboss.job set start_after = now() where id = $1", [job.jobId]);
    expect(await take(store(), first)).toMatchObject({ attempt: job.attempt + 1 });
  });

  test("what a worker says of an earlier attempt is not heard", async () => {
    const turnId = await ask(store(), newChannel().message("ana", "one"));
    const old = await take(store(), turnId);
    await store().queue.release(old, 0);
    const newer = await take(store(), turnId);
    const heartbeat = async () =>
      (
        await store().query("select state::text, heartbeat_on from pgboss.job where id = $1", [
          newer.jobId,
        ])
      )[0];
    const before = await heartbeat();

    await store().queue.drop(old);
    await store().queue.release(old, 0);
    await store().queue.touch([old]);

    expect(await heartbeat()).toEqual(before);
    expect(before).toMatchObject({ state: "active" });
  });

  test("touch() tells the queue that the worker lives, for many jobs and for none", async () => {
    const jobs = [
      await take(store(), await ask(store(), newChannel().message("ana", "one"))),
      await take(store(), await ask(store(), newChannel().message("ana", "two"))),
    ];
    const ids = jobs.map(({ jobId }) => jobId);
    await store().query(
      "update pgboss.job set heartbeat_on = now() - interval '5 s' where id = any($1)",
      [ids],
    );

    await store().queue.touch([]);
    await store().queue.touch(jobs);

    const silent = await store().query(
      "select from pgboss.job where id = any($1) and heartbeat_on < now() - interval '2 s'",
      [ids],
    );
    expect(silent).toEqual([]);
  });

  test("a dropped job is over, and the next of the conversation begins", async () => {
    const place = newChannel();
    const job = await take(store(), await ask(store(), place.message("ana", "one")));
    const second = await ask(store(), place.message("ana", "two"));

    await store().queue.drop(job);

    expect(await take(store(), second)).toMatchObject({ attempt: 0 });
  });

  test("a question waits however long the program was off", async () => {
    const turnId = await ask(store(), newChannel().message("ana", "one"));

    const [row] = await store().query(
      "select keep_until > now() + interval '5 years' as is_kept from pgboss.job where data->>'turnId' = $1",
      [turnId],
    );

    expect(row).toEqual({ is_kept: true });
  });

  test("whoever works is woken by a new turn, a finished one, a dropped and a released one", async () => {
    const stop = new AbortController();
    let woken = 0;
    store().queue.onWork(() => woken++, stop.signal);
    const wakes = async (task: () => Promise<unknown>) => {
      const before = woken;
      await task();
      return woken > before;
    };
    const place = newChannel();

    expect(await wakes(() => ask(store(), place.message("ana", "one")))).toBe(true);
    expect(await wakes(() => converse(store(), newChannel().message("ana", "one"), "1"))).toBe(
      true,
    );
    const job = await take(store(), await ask(store(), newChannel().message("ana", "two")));
    expect(await wakes(() => store().queue.release(job, 0))).toBe(true);
    expect(await wakes(() => store().queue.drop({ ...job, attempt: 1 }))).toBe(true);

    stop.abort();
    expect(await wakes(() => ask(store(), newChannel().message("ana", "three")))).toBe(false);
    store().queue.onWork(() => woken++, stop.signal);
    expect(await wakes(() => ask(store(), newChannel().message("ana", "four")))).toBe(false);
  });

  test("whoever works is woken every second, should nobody wake him", async () => {
    const stop = new AbortController();

    await new Promise<void>((resolve) => store().queue.onWork(resolve, stop.signal));

    stop.abort();
    expect(stop.signal.aborted).toBe(true);
  });

  test("a turn is claimed by a job that was fetched, not by one that waits", async () => {
    const turnId = await ask(store(), newChannel().message("ana", "one"));
    const job = await take(store(), turnId);

    const { claim: taken } = await claim(store(), job);

    expect(taken.turn.id).toBe(turnId);
  });
});

import { EventEmitter, once } from "node:events";
import { expect, test } from "vitest";
import { createTestDatabase, openStoreAt, describeServer } from "../../../test/open-test-store.ts";
import { ask, newChannel } from "../../../test/talk.ts";
import { silentLog } from "../../core/log.ts";
import { createListener } from "./listener.ts";
import { toClientConfig } from "./open-server.ts";

const WORKER = 4711;

/** A listener that runs, and what it hears. */
function listen(url: string) {
  const heard = new EventEmitter<{ wake: []; lost: [] }>();
  const stop = new AbortController();
  const log = { ...silentLog, warn: () => void heard.emit("lost") };
  const wake = () => void heard.emit("wake");
  const listener = createListener({ config: toClientConfig(url), worker: WORKER, wake, log });
  const running = listener.run(stop.signal);
  return {
    heard,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

const IS_HELD = `select from pg_locks where locktype = 'advisory' and granted and objid = ${WORKER}
  and database = (select oid from pg_database where datname = current_database())`;

describeServer("The queue's listener", () => {
  test("hears of turns that another process accepts, and shows that its own worker lives", async () => {
    await using database = await createTestDatabase();
    await using store = await openStoreAt(database.href);
    {
      await using listener = listen(database.href);
      await once(listener.heard, "wake");
      const woken = once(listener.heard, "wake");

      await ask(store, newChannel().message("ana", "hello"));

      await woken;
      await expect.poll(async () => (await store.query(IS_HELD)).length).toBe(1);
    }
    await expect.poll(async () => (await store.query(IS_HELD)).length).toBe(0);
  });

  test("comes back when its connection is cut, and looks at once for what it missed", async () => {
    await using database = await createTestDatabase();
    await using store = await openStoreAt(database.href);
    await using listener = listen(database.href);
    await once(listener.heard, "wake");
    await expect.poll(async () => (await store.query(IS_HELD)).length).toBe(1);
    const [lost, back] = [once(listener.heard, "lost"), once(listener.heard, "wake")];

    await store.query(
      "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = $1",
      [WORKER],
    );

    await lost;
    await back;
    await expect.poll(async () => (await store.query(IS_HELD)).length).toBe(1);
    const woken = once(listener.heard, "wake");
    await ask(store, newChannel().message("ana", "hello"));
    await woken;
  });

  test("ends at once while it waits for a server that is not there", async () => {
    const listener = listen("postgres://me@127.0.0.1:1/name");
    await once(listener.heard, "lost");

    await listener[Symbol.asyncDispose]();

    expect(listener.heard.eventNames()).toEqual([]);
  });

  test("ends at once while another session still has its lock", async () => {
    await using database = await createTestDatabase();
    await using store = await openStoreAt(database.href);
    await using first = listen(database.href);
    await once(first.heard, "wake");
    await expect.poll(async () => (await store.query(IS_HELD)).length).toBe(1);
    const second = listen(database.href);
    await once(second.heard, "wake");

    await second[Symbol.asyncDispose]();

    expect(await store.query(IS_HELD)).toHaveLength(1);
  });
});

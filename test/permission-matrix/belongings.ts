import { randomUUID } from "node:crypto";
import { createFarewellClock } from "../../src/agent/farewells.ts";
import { systemClock } from "../../src/core/clock.ts";
import { silentLog } from "../../src/core/log.ts";
import { aloneScope } from "../../src/core/principal.ts";
import { createFileStore } from "../../src/files/index.ts";
import { googleGoodbye } from "../../src/tools/google/goodbye.ts";
import { openGoogle } from "../open-google.ts";
import type { TestStore } from "../open-test-store.ts";

const LIMITS = { maxFileBytes: 1_000, quotaBytes: 10_000 };
const FAREWELL_MS = 15_000;

/** What people have with her beside the database: files, and their Google. And the end of all of it. */
export async function openBelongings(store: TestStore) {
  const google = await openGoogle(store);
  const bytes = new Map<string, Uint8Array>();
  const blobs = {
    put: async (id: string, content: Uint8Array) => void bytes.set(id, content),
    get: async (id: string) => bytes.get(id) ?? null,
    remove: async (id: string) => void bytes.delete(id),
  };
  const files = createFileStore(
    { index: store.files, blobs, createId: randomUUID, log: silentLog },
    LIMITS,
  );

  /** Everybody's grace period is over: waits until one person is forgotten. */
  async function graceIsOver(): Promise<void> {
    await store.query("update farewells set due_at = now()");
    const done = new AbortController();
    const log = {
      ...silentLog,
      info: (_: object, event: string) => event === "person-forgotten" && done.abort(),
    };
    const { farewells } = store;
    const goodbyes = [googleGoodbye(google.connection)];
    const clock = createFarewellClock({
      farewells,
      files,
      goodbyes,
      log,
      scopeOf: (person) => aloneScope("discord", person),
      now: systemClock.now,
    });
    await clock.run(AbortSignal.any([done.signal, AbortSignal.timeout(FAREWELL_MS)]));
  }

  return {
    google,
    files,
    /** Of all files that are kept. */
    bytes: (): string => Buffer.concat([...bytes.values()]).toString(),
    graceIsOver,
    [Symbol.asyncDispose]: () => google[Symbol.asyncDispose](),
  };
}

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, inject } from "vitest";
import type { Fault } from "../src/core/fault.ts";
import { noFault } from "../src/core/fault.ts";
import { silentLog } from "../src/core/log.ts";
import { createSealer } from "../src/lib/seal.ts";
import { createPool } from "../src/store/embedded/open-embedded.ts";
import { openPglite } from "../src/store/embedded/pglite.ts";
import { openStore } from "../src/store/index.ts";
import { openServer } from "../src/store/server/open-server.ts";
import { startStore, type Store } from "../src/store/start-store.ts";

export interface TestStore extends Store {
  /** For looking behind the stores. */
  readonly query: (text: string, values?: unknown[]) => Promise<readonly Record<string, unknown>[]>;
}

export type OpenTestStore = (options?: { readonly fault?: Fault }) => Promise<TestStore>;

/** Runs the same tests on PGlite and, where there is one, on PostgreSQL. */
export function describeStore(name: string, tests: (open: OpenTestStore) => void): void {
  describe(`${name}, on PGlite`, () => {
    tests(openEmbeddedStore);
  });
  describeServer(`${name}, on PostgreSQL`, () => tests(openServerStore));
}

/** Tests of what only a PostgreSQL server has. Where there is none, the name says why they were not run. */
export function describeServer(name: string, tests: () => void): void {
  const isThere = inject("serverUrl") !== null;
  const why = isThere ? "" : " (not run: CLARA_TEST_DATABASE_URL is not set)";
  describe.skipIf(!isThere)(`${name}${why}`, () => {
    tests();
  });
}

/** One for all tests of a `describe`; each uses ids of its own. */
export function share<Shared extends AsyncDisposable>(open: () => Promise<Shared>): () => Shared {
  let shared: Shared | null = null;
  beforeAll(async () => {
    shared = await open();
  });
  afterAll(() => shared?.[Symbol.asyncDispose]());
  return () => {
    assert(shared);
    return shared;
  };
}

const deps = (fault: Fault) => ({
  log: silentLog,
  fault,
  random: Math.random,
  createId: randomUUID,
  sealer: createSealer([TEST_KEY]),
  keys: [TEST_KEY],
});

const TEST_KEY = { id: "test", bytes: Buffer.alloc(32, 1) };

export type OpenPool = () => Promise<AsyncDisposable & { readonly pool: pg.Pool }>;

/** A migrated PGlite in memory, in this thread. */
export const openTestPglite: OpenPool = async () => {
  const pglite = await openPglite({ dump: new Blob([await readFile(inject("dumpFile"))]) });
  const pool = createPool(pglite);
  return {
    pool,
    async [Symbol.asyncDispose]() {
      await pool.end();
      await pglite.close();
    },
  };
};

/** A migrated database on the test server, which is removed afterwards. */
export const openTestServer: OpenPool = async () => {
  const database = await createTestDatabase();
  const pool = await openServer(database.href, silentLog);
  return {
    pool,
    async [Symbol.asyncDispose]() {
      await pool.end();
      await database[Symbol.asyncDispose]();
    },
  };
};

/** A store of its own in memory, in this thread. */
export async function openEmbeddedStore({ fault = noFault } = {}): Promise<TestStore> {
  await using opening = new AsyncDisposableStack();
  const { pool } = opening.use(await openTestPglite());
  const opened = { kind: "embedded", pool, services: () => [] } as const;
  const store = opening.use(await startStore(deps(fault), opened));
  const all = opening.move();
  return {
    ...store,
    query: async (text, values) => (await pool.query(text, values)).rows,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** A store on a database of its own, which is removed afterwards. */
async function openServerStore(options: { readonly fault?: Fault } = {}): Promise<TestStore> {
  await using opening = new AsyncDisposableStack();
  const database = opening.use(await createTestDatabase());
  const store = opening.use(await openStoreAt(database.href, options));
  const all = opening.move();
  return { ...store, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** A store on a PostgreSQL that is there already. */
export async function openStoreAt(
  url: string,
  { fault = noFault }: { readonly fault?: Fault } = {},
): Promise<TestStore> {
  await using opening = new AsyncDisposableStack();
  const store = opening.use(await openStore(deps(fault), { kind: "server", url }));
  const client = new pg.Client(url);
  await client.connect();
  opening.defer(() => client.end());
  const all = opening.move();
  return {
    ...store,
    query: async (text, values) => (await client.query(text, values)).rows,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** A migrated database on the test server. Throws where there is no server. */
export async function createTestDatabase(): Promise<AsyncDisposable & { readonly href: string }> {
  const serverUrl = inject("serverUrl");
  if (serverUrl === null) throw new Error("CLARA_TEST_DATABASE_URL is not set");
  const name = `clara_test_${randomUUID().replaceAll("-", "")}`;
  await command(serverUrl, `create database ${name} template ${inject("template")}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    href: url.href,
    [Symbol.asyncDispose]: () => command(serverUrl, `drop database if exists ${name} with (force)`),
  };
}

async function command(serverUrl: string, text: string): Promise<void> {
  const admin = new pg.Client(serverUrl);
  await admin.connect();
  try {
    await admin.query(text);
  } finally {
    await admin.end();
  }
}

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { silentLog } from "../src/core/log.ts";
import { upkeepBoss } from "../src/store/database.ts";
import { createPool } from "../src/store/embedded/open-embedded.ts";
import { migrateDatabase } from "../src/store/migrate.ts";
import { startBoss } from "../src/store/queue/boss.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A tar of a migrated PGlite, which opens in a tenth of the time of an empty one. */
    readonly dumpFile: string;
    /** A PostgreSQL where databases may be made; null where there is none. */
    readonly serverUrl: string | null;
    /** Copied by each test that wants a PostgreSQL database. */
    readonly template: string;
  }
}

const CACHE = join(import.meta.dirname, "../node_modules/.cache/clara");
/** Two test runs make the template one after the other. "test" in ASCII. */
const TEMPLATE_LOCK = 0x74657374;

export async function setup(project: TestProject): Promise<void> {
  const serverUrl = process.env["CLARA_TEST_DATABASE_URL"] || null;
  const state = await fingerprint();
  const template = `clara_test_template_${state}`;
  project.provide("dumpFile", await makeDump(state));
  project.provide("serverUrl", serverUrl);
  project.provide("template", template);
  if (serverUrl !== null) await makeTemplate(serverUrl, template);
}

async function makeDump(state: string): Promise<string> {
  const file = join(CACHE, `${state}.tar`);
  if (existsSync(file)) return file;
  const db = await PGlite.create();
  const pool = createPool({ exchange: (request) => db.execProtocolRaw(request) });
  await prepare(pool, "embedded");
  await pool.end();
  const dump = await db.dumpDataDir("none");
  await mkdir(CACHE, { recursive: true });
  await writeFile(`${file}.part`, Buffer.from(await dump.arrayBuffer()));
  await rename(`${file}.part`, file);
  return file;
}

async function makeTemplate(serverUrl: string, template: string): Promise<void> {
  const admin = new pg.Client(serverUrl);
  await admin.connect();
  await admin.query("select pg_advisory_lock($1)", [TEMPLATE_LOCK]);
  const known = await admin.query("select from pg_database where datname = $1", [template]);
  if (known.rows.length === 0) {
    const unfinished = `${template}_unfinished`;
    await admin.query(`drop database if exists ${unfinished} with (force)`);
    await admin.query(`create database ${unfinished}`);
    const url = new URL(serverUrl);
    url.pathname = `/${unfinished}`;
    const pool = new pg.Pool({ connectionString: url.href });
    await prepare(pool, "server");
    await pool.end();
    await admin.query(`alter database ${unfinished} rename to ${template}`);
  }
  await admin.end();
}

async function prepare(pool: pg.Pool, kind: "embedded" | "server"): Promise<void> {
  await migrateDatabase(pool);
  const boss = await startBoss(upkeepBoss(pool), { kind, log: silentLog });
  await boss.stop({ graceful: false, close: false });
}

/** Changes whenever the dump and the template would. */
async function fingerprint(): Promise<string> {
  const hash = createHash("sha256").update(readFileSync(join(CACHE, "../../../package-lock.json")));
  const folder = join(import.meta.dirname, "../drizzle");
  for (const name of (await readdir(folder)).toSorted())
    if (name.endsWith(".sql")) hash.update(readFileSync(join(folder, name)));
  // The database remembers migrations by their times.
  hash.update(readFileSync(join(folder, "meta/_journal.json")));
  hash.update(readFileSync(join(import.meta.dirname, "../src/store/queue/boss.ts")));
  return hash.digest("hex").slice(0, 16);
}

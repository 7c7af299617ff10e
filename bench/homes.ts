import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

/** Where a program keeps its things, and what is removed afterwards. */
export interface Home extends AsyncDisposable {
  readonly name: "echo bot" | "PGlite" | "PostgreSQL";
  readonly env: Readonly<Record<string, string>>;
}

/** The echo bot keeps nothing. */
export const openNowhere = (): Home => ({
  name: "echo bot",
  env: {},
  async [Symbol.asyncDispose]() {},
});

/** A folder for the embedded database. */
export async function openFolder(): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), "clara-bench-"));
  return {
    name: "PGlite",
    env: { CLARA_DATA_DIR: folder },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A database of its own on this server. */
export async function openDatabase(serverUrl: string): Promise<Home> {
  const name = `clara_bench_${process.pid}`;
  await command(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    name: "PostgreSQL",
    env: { DATABASE_URL: url.href },
    [Symbol.asyncDispose]: () => command(serverUrl, `drop database ${name} with (force)`),
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

import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { asError } from "../../../lib/as-error.ts";
import { toTenantId, DEFAULT_TENANT, type TenantId } from "../tenant.ts";
import type { TokenStore } from "./token-store.ts";
import type { TokenText } from "./token-text.ts";

/** Whoever holds the lock longer than that has died. */
const STALE_LOCK_MS = 10_000;
/** Longer than a lock takes to become stale. */
const LOCK_TRIES = 600;
const LOCK_PAUSE_MS = 25;

interface FileStoreDeps {
  readonly path: string;
  readonly text: TokenText;
  readonly clock: { readonly now: () => Date };
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

const fileSchema = z.record(z.string(), z.string());

/** One file for all tenants of a server, readable by its owner only; a write is there whole or not at all. */
export function createFileStore(deps: FileStoreDeps): TokenStore {
  const { path, text } = deps;

  async function load(): Promise<Record<string, string>> {
    try {
      return fileSchema.parse(JSON.parse(await readFile(path, "utf8")));
    } catch (error) {
      if (codeOf(error) === "ENOENT") return {};
      throw error;
    }
  }
  const change = (
    signal: AbortSignal,
    work: (all: Record<string, string>) => Record<string, string> | null,
  ): Promise<boolean> =>
    underLock(deps, signal, async () => {
      const changed = work(await load());
      if (changed !== null) await writeWhole(path, JSON.stringify(changed, null, 1));
      return changed !== null;
    });
  return {
    async read(tenant) {
      const version = (await load())[tenant];
      return version === undefined ? null : { tokens: text.read(tenant, version), version };
    },
    write: (tenant, tokens, version, signal) =>
      change(signal, (all) =>
        (all[tenant] ?? null) === version ? { ...all, [tenant]: text.write(tenant, tokens) } : null,
      ),
    async remove(tenant, signal) {
      await change(signal, (all) =>
        Object.fromEntries(Object.entries(all).filter(([name]) => name !== tenant)),
      );
    },
    async tenants() {
      return Object.keys(await load()).flatMap((name): TenantId[] =>
        name === DEFAULT_TENANT
          ? [DEFAULT_TENANT]
          : (toTenantId(name) ?? [])
            ? [name as TenantId]
            : [],
      );
    },
  };
}

async function underLock<Answer>(
  { path, clock, pause }: FileStoreDeps,
  signal: AbortSignal,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const lock = `${path}.lock`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  for (let attempt = 0; attempt < LOCK_TRIES; attempt += 1) {
    if (await taken(lock)) {
      try {
        return await work();
      } finally {
        await rm(lock, { force: true });
      }
    }
    await breakStale(lock, clock.now());
    await pause(LOCK_PAUSE_MS, signal);
    signal.throwIfAborted();
  }
  throw new Error(`Another program holds ${lock}`);
}

async function taken(lock: string): Promise<boolean> {
  try {
    await (await open(lock, "wx", 0o600)).close();
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function breakStale(lock: string, now: Date): Promise<void> {
  const found = await stat(lock).catch(() => null); // Gone meanwhile.
  if (found && now.getTime() - found.mtimeMs > STALE_LOCK_MS) await rm(lock, { force: true });
}

/** On the disk before it has its name, and its name there, too: a power cut leaves the old one or the new one. */
async function writeWhole(path: string, words: string): Promise<void> {
  const next = `${path}.next`;
  await using file = await open(next, "w", 0o600);
  await file.writeFile(words);
  await file.sync();
  await rename(next, path);
  await using folder = await open(dirname(path), "r");
  await folder.sync();
}

const codeOf = (error: unknown): unknown => (asError(error) as NodeJS.ErrnoException).code;

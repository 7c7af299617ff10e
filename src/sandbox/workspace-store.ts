import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { SandboxProblem, type SandboxEntry } from "../core/sandbox.ts";

const HASH = z.string().regex(/^[\da-f]{64}$/);
const SNAPSHOT = z.object({
  savedAt: z.coerce.date(),
  entries: z.array(
    z.object({
      path: z.string(),
      sizeBytes: z.int().min(0),
      modifiedAt: z.coerce.date(),
      isProgram: z.boolean(),
      version: z.string(),
      hash: HASH,
    }),
  ),
  marks: z.array(z.string()),
});

export interface KeptFile extends SandboxEntry {
  /** Of its bytes: SHA-256, hexadecimal. */
  readonly hash: string;
}

export interface Snapshot {
  readonly savedAt: Date;
  readonly entries: readonly KeptFile[];
  readonly marks: readonly string[];
}

export type NamedSnapshot = Snapshot & { readonly id: string };

/** States are told apart by their times: a clock that stands or goes back does not make a new one look older. */
export const timeAfter = (now: Date, before: Date | null): Date =>
  before === null || now > before ? now : new Date(before.getTime() + 1);

export const sizeOf = ({ entries }: Snapshot): number =>
  entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/** Earlier states of one workspace. */
const MAX_SNAPSHOTS = 10;

/**
 * Workspaces on this machine's disk: bytes by their hash, and states that name them. No name that a program chose ever
 * becomes a path here.
 */
export interface WorkspaceStore {
  /** Newest first. */
  readonly snapshots: (owner: string) => Promise<readonly NamedSnapshot[]>;
  /** Bytes first, then the state that names them. Gives the hash. */
  readonly keepBytes: (owner: string, bytes: Uint8Array) => Promise<string>;
  /** Of a person, in all places. */
  readonly ownersOf: (person: string) => Promise<readonly string[]>;
  /** The id of the first of them, without reading any; null for none. */
  readonly newest: (owner: string) => Promise<string | null>;
  /** Older states make room: at most ten, and not more than `maxBytes` together. Gives its id. */
  readonly save: (owner: string, snapshot: Snapshot, maxBytes: number) => Promise<string>;
  readonly bytes: (owner: string, hash: string) => Promise<Uint8Array>;
  /** Of an owner, or of a person in all places. */
  readonly forget: (ownerOrPerson: string) => Promise<void>;
}

export function createWorkspaceStore(dir: string): WorkspaceStore {
  const folderOf = (owner: string) => join(dir, ...partsOf(owner));
  const blobsOf = (owner: string) => join(folderOf(owner), "bytes");

  async function idsOf(owner: string): Promise<readonly string[]> {
    const names = await namesIn(folderOf(owner));
    const ids = names.flatMap((name) => /^(\d{15}-[\da-f]{8})\.json$/.exec(name)?.[1] ?? []);
    return ids.toSorted((one, other) => other.localeCompare(one));
  }

  async function snapshots(owner: string): Promise<readonly NamedSnapshot[]> {
    const read = (await idsOf(owner)).map((id) => readSnapshot(folderOf(owner), id));
    return (await Promise.all(read)).filter((snapshot) => snapshot !== null);
  }

  /** Bytes that no state names any more go. */
  async function makeRoom(owner: string, maxBytes: number): Promise<void> {
    const kept: NamedSnapshot[] = [];
    const sizes = new Map<string, number>();
    for (const snapshot of await snapshots(owner)) {
      const more = new Map(snapshot.entries.map(({ hash, sizeBytes }) => [hash, sizeBytes]));
      const together = [...new Map([...sizes, ...more]).values()].reduce(
        (sum, each) => sum + each,
        0,
      );
      if (kept.length === MAX_SNAPSHOTS || (kept.length > 0 && together > maxBytes)) {
        await rm(join(folderOf(owner), `${snapshot.id}.json`), { force: true });
        continue;
      }
      kept.push(snapshot);
      for (const [hash, sizeBytes] of more) sizes.set(hash, sizeBytes);
    }
    for (const name of await namesIn(blobsOf(owner)))
      if (!sizes.has(name)) await rm(join(blobsOf(owner), name), { force: true });
  }

  return {
    snapshots,
    ownersOf: async (person) =>
      (await namesIn(folderOf(person)))
        .filter((place) => PLACE.test(place))
        .map((place) => `${person}.${place}`),
    newest: async (owner) => (await idsOf(owner))[0] ?? null,
    async keepBytes(owner, bytes) {
      const hash = createHash("sha256").update(bytes).digest("hex");
      const path = join(blobsOf(owner), hash);
      if ((await sizeAt(path)) === bytes.length) return hash;
      await mkdir(blobsOf(owner), { recursive: true });
      await writeWhole(path, bytes);
      return hash;
    },
    async save(owner, snapshot, maxBytes) {
      const at = String(snapshot.savedAt.getTime()).padStart(15, "0");
      await mkdir(folderOf(owner), { recursive: true });
      const id = `${at}-${randomUUID().slice(0, 8)}`;
      await writeWhole(join(folderOf(owner), `${id}.json`), Buffer.from(JSON.stringify(snapshot)));
      await makeRoom(owner, maxBytes);
      return id;
    },
    bytes: async (owner, hash) => readFile(join(blobsOf(owner), HASH.parse(hash))),
    forget: async (ownerOrPerson) => rm(folderOf(ownerOrPerson), { recursive: true, force: true }),
  };
}

const PLACE = /^[a-z\d]{32}$/;
const OWNER = /^[a-z\d]{1,64}(\.[a-z\d]{1,64})?$/;

/** Folders of their own for a person, and in it for a place. */
function partsOf(owner: string): readonly string[] {
  if (!OWNER.test(owner)) throw new SandboxProblem("file", "That is no name of an owner.");
  return owner.split(".");
}

async function readSnapshot(folder: string, id: string): Promise<NamedSnapshot | null> {
  const text = await readFile(join(folder, `${id}.json`), "utf8").catch(() => null);
  if (text === null) return null; // It went meanwhile.
  return { ...SNAPSHOT.parse(JSON.parse(text)), id };
}

/** What is there is whole, or not there. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  try {
    await writeFile(part, bytes, { mode: 0o600 });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** Nothing where there is no folder. */
const namesIn = async (folder: string): Promise<readonly string[]> =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });

const sizeAt = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ size }) => size,
    () => null,
  );

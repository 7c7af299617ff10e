import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { BackupShelf, LoadedRows } from "../core/backup.ts";
import { sha256Of } from "./make-backup.ts";
import {
  fileName,
  madeAtOf,
  manifestName,
  readManifest,
  type Manifest,
  type Part,
} from "./manifest.ts";

/** Of a part once it is unpacked: far more than one that was written here. */
const MAX_PART_BYTES = 256_000_000;
/** Rows that go into the database at once. */
const LOAD_BATCH = 500;
const unzip = promisify(gunzip);

/** The ids of whole copies, newest first. */
export async function listBackups(shelf: BackupShelf): Promise<readonly string[]> {
  const ids = (await shelf.names("")).flatMap((name) => {
    const [id = "", rest] = name.split("/");
    return rest === "manifest.json" && madeAtOf(id) !== null ? [id] : [];
  });
  return ids.toSorted().toReversed();
}

/** Throws words that say what to do when there is no such copy. */
export async function openBackup(shelf: BackupShelf, id: string): Promise<Manifest> {
  const content = madeAtOf(id) === null ? null : await shelf.get(manifestName(id));
  if (content === null)
    throw new Error(`There is no copy ${id}: "clara backup list" tells which there are.`);
  return readManifest(id, content);
}

/** What is wrong with a copy, in words; nothing when all of it is there and as it was written. */
export async function verifyBackup(
  shelf: BackupShelf,
  { id, parts, files }: Manifest,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const wanted = [
    ...parts.map(({ name, sha256 }) => ({ name: `${id}/${name}`, sha256 })),
    ...files.map(({ sha256 }) => ({ name: fileName(sha256), sha256 })),
  ];
  for (const { name, sha256 } of wanted) {
    signal.throwIfAborted();
    const content = await shelf.get(name);
    if (content === null) problems.push(`${name} is missing`);
    else if (sha256Of(content) !== sha256) problems.push(`${name} was changed`);
  }
  return problems;
}

/** The rows of a copy, each part checked before any of it is given. */
export async function* rowsOf(
  shelf: BackupShelf,
  { id, parts }: Manifest,
): AsyncGenerator<LoadedRows> {
  for (const part of parts) {
    const lines = await linesOf(shelf, id, part);
    const table = { name: part.table, columns: part.columns };
    for (let at = 0; at < lines.length; at += LOAD_BATCH)
      yield { table, lines: lines.slice(at, at + LOAD_BATCH) };
  }
}

async function linesOf(
  shelf: BackupShelf,
  id: string,
  { name, sha256, rows }: Part,
): Promise<readonly string[]> {
  const content = await shelf.get(`${id}/${name}`);
  if (content === null || sha256Of(content) !== sha256)
    throw new Error(
      `The copy ${id} is damaged: ${name} is ${content === null ? "missing" : "not as it was written"}. Take an older one.`,
    );
  const unpacked = await unzip(content, { maxOutputLength: MAX_PART_BYTES });
  const lines = unpacked.toString("utf8").split("\n").slice(0, -1);
  if (lines.length !== rows) throw new Error(`The copy ${id} is damaged: ${name} has lost rows.`);
  return lines;
}

import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { BackupShelf, CopiedTable, KeepRows, RowSource } from "../core/backup.ts";
import type { Clock } from "../core/clock.ts";
import {
  fileName,
  FORMAT,
  manifestName,
  newBackupId,
  type Manifest,
  type Part,
} from "./manifest.ts";

export interface MakeDeps {
  readonly rows: RowSource;
  /** The bytes of people's files. */
  readonly files: { readonly get: (id: string) => Promise<Uint8Array | null> };
  readonly shelf: BackupShelf;
  readonly clock: Pick<Clock, "now">;
  readonly createId: () => string;
}

export interface MakeOptions {
  readonly why: Manifest["why"];
  readonly version: string;
  readonly database: Manifest["database"];
  readonly withSecrets: boolean;
  /** Settings that are no secrets, by name: for whoever sets the house up anew. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Of the rows of one part, before it is packed. */
const PART_BYTES = 8_000_000;
const FILES_TABLE = "public.files";
const zip = promisify(gzip);

/** Copies everything. What fails half-way leaves no copy, and takes away what it has written. */
export async function makeBackup(
  deps: MakeDeps,
  options: MakeOptions,
  signal: AbortSignal,
): Promise<Manifest> {
  const { rows, shelf, clock, createId } = deps;
  const madeAt = clock.now();
  const id = newBackupId(madeAt, createId);
  try {
    const writer = createWriter(shelf, id);
    const { migration } = await rows.read(options, writer.keep, signal);
    await writer.flush();
    const { files, missingFiles } = await copyFiles(deps, writer.fileIds(), signal);
    const { why, version, database, withSecrets, settings } = options;
    const manifest: Manifest = {
      format: FORMAT,
      id,
      version,
      madeAt: madeAt.toISOString(),
      why,
      database,
      migration,
      hasSecrets: withSecrets,
      parts: [...writer.parts()],
      files,
      missingFiles,
      settings,
    };
    await shelf.put(manifestName(id), new TextEncoder().encode(JSON.stringify(manifest, null, 1)));
    return manifest;
  } catch (error) {
    await clearAway(shelf, id);
    throw error;
  }
}

interface Writer {
  readonly keep: KeepRows;
  readonly flush: () => Promise<void>;
  readonly parts: () => readonly Part[];
  readonly fileIds: () => readonly string[];
}

/** Rows come by tables, one after the other; parts end with the table or when they are large. */
function createWriter(shelf: BackupShelf, id: string): Writer {
  const parts: Part[] = [];
  const fileIds: string[] = [];
  let table: CopiedTable | null = null;
  let lines: string[] = [];
  let sizeBytes = 0;

  async function flush(): Promise<void> {
    if (table === null || lines.length === 0) return;
    const content = await zip(`${lines.join("\n")}\n`);
    const name = `rows/${String(parts.length).padStart(5, "0")}.ndjson.gz`;
    await shelf.put(`${id}/${name}`, content);
    parts.push({
      name,
      table: table.name,
      columns: [...table.columns],
      rows: lines.length,
      sizeBytes: content.byteLength,
      sha256: sha256Of(content),
    });
    lines = [];
    sizeBytes = 0;
  }

  return {
    async keep(from, batch) {
      if (table?.name !== from.name) await flush();
      table = from;
      if (from.name === FILES_TABLE) fileIds.push(...batch.map((line) => idOf(from, line)));
      lines.push(...batch);
      sizeBytes += batch.reduce((sum, line) => sum + line.length, 0);
      if (sizeBytes > PART_BYTES) await flush();
    },
    flush,
    parts: () => parts,
    fileIds: () => fileIds,
  };
}

const idOf = ({ columns }: CopiedTable, line: string): string =>
  String((JSON.parse(line) as unknown[])[columns.indexOf("id")]);

/** A file that went after its row was read is missing, and no reason to have no copy at all. */
async function copyFiles(
  { files, shelf }: MakeDeps,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Pick<Manifest, "files" | "missingFiles">> {
  const there = new Set(await shelf.names("files/"));
  const copied: Manifest["files"] = [];
  const missingFiles: string[] = [];
  for (const id of ids) {
    signal.throwIfAborted();
    const content = await files.get(id);
    if (content === null) {
      missingFiles.push(id);
      continue;
    }
    const sha256 = sha256Of(content);
    const name = fileName(sha256);
    if (!there.has(name)) await shelf.put(name, content);
    there.add(name);
    copied.push({ id, sizeBytes: content.byteLength, sha256 });
  }
  return { files: copied, missingFiles };
}

/** The shared files stay: another copy may have them, and tidying takes those that none has. */
async function clearAway(shelf: BackupShelf, id: string): Promise<void> {
  try {
    for (const name of await shelf.names(`${id}/`)) await shelf.remove(name);
  } catch {
    // Whatever kept the copy from being made may be in the way here too; tidying comes again.
  }
}

export const sha256Of = (content: Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");

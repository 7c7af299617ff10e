import { z } from "zod";
import {
  SandboxProblem,
  type SandboxEntry,
  type SandboxFile,
  type SandboxListing,
} from "../core/sandbox.ts";
import type { Keeper, KeeperEvent } from "./keeper.ts";

const PIECE_BYTES = 256 * 1024;
const MAX_LISTED = 20_000;
/** A listing that is longer is not believed. */
const MAX_LISTING_BYTES = 8 * 1024 * 1024;
const NANOSECONDS = 1_000_000;

const LISTED = z
  .array(z.tuple([z.string(), z.int().min(0), z.number(), z.boolean()]))
  .max(MAX_LISTED);

/** Each of them in pieces, so that no file stands in the way of a stop. */
export async function putFiles(
  keeper: Keeper,
  files: Iterable<SandboxFile> | AsyncIterable<SandboxFile>,
  signal: AbortSignal,
): Promise<void> {
  for await (const file of files) {
    signal.throwIfAborted();
    await putFile(keeper, file);
  }
}

async function putFile(keeper: Keeper, file: SandboxFile): Promise<void> {
  const { path, bytes, isProgram, modifiedAt } = file;
  const request = keeper.open();
  try {
    const head = {
      op: "put",
      id: request.id,
      path,
      mode: isProgram ? 0o755 : 0o644,
      mtime: modifiedAt.getTime() * NANOSECONDS,
    };
    let first = 0;
    do {
      const piece = bytes.subarray(first, first + PIECE_BYTES);
      first += PIECE_BYTES;
      await keeper.send({ ...head, more: first < bytes.length }, piece);
    } while (first < bytes.length);
    for await (const event of request.events) if (isDone(event, path)) return;
  } finally {
    request.close();
  }
}

export async function getFile(
  keeper: Keeper,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const request = keeper.open();
  try {
    await keeper.send({ op: "get", id: request.id, path, max: maxBytes });
    return await collect(request.events, path, maxBytes, signal);
  } finally {
    request.close();
  }
}

async function collect(
  events: AsyncIterable<KeeperEvent>,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const event of events) {
    signal.throwIfAborted();
    if (isDone(event, path)) break;
    bytes += event.body.length;
    if (bytes > maxBytes) throw toProblem("EFBIG", path);
    pieces.push(event.body);
  }
  return Buffer.concat(pieces);
}

export async function listFiles(
  keeper: Keeper,
  folder: string,
  signal: AbortSignal,
): Promise<SandboxListing> {
  const request = keeper.open();
  try {
    await keeper.send({ op: "list", id: request.id, path: folder, max: MAX_LISTED });
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const event of request.events) {
      signal.throwIfAborted();
      if (isDone(event, folder)) return toListing(Buffer.concat(pieces), event);
      bytes += event.body.length;
      if (bytes > MAX_LISTING_BYTES) throw toProblem("EFBIG", folder);
      pieces.push(event.body);
    }
    throw toProblem("EIO", folder);
  } finally {
    request.close();
  }
}

function toListing(text: Buffer, done: KeeperEvent): SandboxListing {
  const counted = done.event === "done" ? done : null;
  return {
    entries: LISTED.parse(JSON.parse(text.toString())).map(toEntry),
    others: counted?.other ?? 0,
    isCut: counted?.cut ?? false,
    usedBytes: counted?.usedBytes ?? 0,
    freeBytes: counted?.freeBytes ?? 0,
  };
}

const toEntry = ([path, sizeBytes, nanoseconds, isProgram]: z.infer<
  typeof LISTED
>[number]): SandboxEntry => ({
  path,
  sizeBytes,
  modifiedAt: new Date(nanoseconds / NANOSECONDS),
  isProgram,
  version: `${sizeBytes} ${nanoseconds}`,
});

/** True at its end; throws words when it failed. */
function isDone(event: KeeperEvent, path: string): boolean {
  if (event.event === "failed") throw toProblem(event.code, path);
  return event.event === "done";
}

function toProblem(code: string, path: string): SandboxProblem {
  const words = WORDS[code] ?? `cannot be used (${code}).`;
  return new SandboxProblem("file", `${JSON.stringify(path)} ${words}`);
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: "is not there.",
  EACCES: "is outside of the workspace: paths begin with /box or /out.",
  ELOOP: "is a link, and links are not followed.",
  EINVAL: "is no plain file.",
  ENXIO: "is no plain file.",
  EISDIR: "is a folder.",
  ENOTDIR: "lies in something that is no folder.",
  EFBIG: "is too large.",
  ENOSPC: "does not fit: the workspace is full. Remove files that are not needed.",
  ENAMETOOLONG: "has too long a name.",
};

import { z } from "zod";
import { inWorker } from "../lib/in-worker.ts";
import { mailContent, type MailContent } from "./content.ts";
import type { TrustedServer } from "./mail-headers.ts";

export const MIME_MODULE = new URL("./mime-reader.ts", import.meta.url);
/** Generous: on a busy machine a mail that is harmless must not pass for one that cannot be read. */
const ONE = { maxMs: 30_000, maxHeapMb: 128 };
export const MIME_BOUNDS = { maxMs: 45_000, maxHeapMb: 256 };

export const contents = z.array(mailContent.nullable()).nullable();
const file = z
  .object({ name: z.string(), contentType: z.string(), content: z.instanceof(Uint8Array) })
  .nullable();

/**
 * What stands in mails, each read in a thread that holds nothing of ours: whatever they were made to do ends with it.
 * null for one that cannot be read within the bounds of time and memory.
 */
export async function readMime(
  sources: readonly Uint8Array[],
  trusted: TrustedServer,
  signal: AbortSignal,
): Promise<readonly (MailContent | null)[]> {
  if (sources.length === 0) return [];
  const together = await read(sources, trusted, sources.length === 1 ? ONE : MIME_BOUNDS, signal);
  if (together !== null) return together;
  return sources.length === 1 ? [null] : readOneByOne(sources, trusted, signal);
}

/** One of them has brought a thread down: the others are read by themselves. */
export async function readOneByOne(
  sources: readonly Uint8Array[],
  trusted: TrustedServer,
  signal: AbortSignal,
): Promise<readonly (MailContent | null)[]> {
  const alone: (MailContent | null)[] = [];
  for (const source of sources)
    alone.push((await read([source], trusted, ONE, signal))?.[0] ?? null);
  return alone;
}

const read = async (
  sources: readonly Uint8Array[],
  trusted: TrustedServer,
  bounds: typeof ONE,
  signal: AbortSignal,
) =>
  contents.parse(
    await inWorker(MIME_MODULE, { sources, trusted, attachment: null }, bounds, signal),
  );

/** One attachment of a whole mail, by its place among them; null when it is not there, or cannot be read. */
export const readAttachment = async (
  source: Uint8Array,
  index: number,
  signal: AbortSignal,
): Promise<z.infer<typeof file>> => {
  const trusted: TrustedServer = { names: [], isFirst: true };
  const task = { sources: [source], trusted, attachment: index };
  return file.parse(await inWorker(MIME_MODULE, task, MIME_BOUNDS, signal));
};

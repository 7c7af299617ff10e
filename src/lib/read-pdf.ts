import { z } from "zod";
import { inWorker } from "./in-worker.ts";

const BOUNDS = { maxMs: 20_000, maxHeapMb: 256 };
const READER = new URL("./pdf-reader.ts", import.meta.url);

const read = z.object({ totalPages: z.number(), pages: z.array(z.string()) }).nullable();

/** The words of a PDF, page by page; null when it cannot be read within the bounds of time and memory. */
export const readPdf = async (
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<z.infer<typeof read>> => read.parse(await inWorker(READER, bytes, BOUNDS, signal));

/** Pages as one text, each below its number. `skipped`: how many there are before the first. */
export const toPages = (pages: readonly string[], skipped = 0): string =>
  pages.map((page, index) => `[page ${skipped + index + 1}]\n${page.trim()}`).join("\n\n");

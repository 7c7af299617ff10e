import { z } from "zod";
import { inWorker } from "../lib/in-worker.ts";
import type { OfficeJob } from "./office/read-format.ts";

const BOUNDS = { maxMs: 20_000, maxHeapMb: 384 };
const READER = new URL("./office/reader.ts", import.meta.url);

const answer = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("read"), text: z.string() }),
    z.object({ kind: z.literal("refused"), why: z.string() }),
  ])
  .nullable();

/** The words of a document, or why not; null when it is broken, or takes too much time or memory. */
export const readOffice = async (
  job: OfficeJob,
  signal: AbortSignal,
): Promise<z.infer<typeof answer>> => answer.parse(await inWorker(READER, job, BOUNDS, signal));

/** Runs as a worker: for one task, see read-mime.ts, or for one after the other, see mime-thread.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { attachmentAt, parseMime } from "./parse-mime.ts";

const task = z.object({
  sources: z.array(z.instanceof(Uint8Array)),
  trusted: z.object({ names: z.array(z.string()), isFirst: z.boolean() }),
  attachment: z.number().nullable(),
});

async function work(given: unknown): Promise<unknown> {
  const { sources, trusted, attachment } = task.parse(given);
  if (attachment !== null) {
    const [source] = sources;
    return source ? attachmentAt(source, attachment) : null;
  }
  const read = [];
  for (const source of sources) read.push(await parseMime(source, trusted).catch(() => null)); // No mail that can be read.
  return read;
}

const answer = async (given: unknown) => parentPort?.postMessage(await work(given));
if (workerData === null) parentPort?.on("message", (given: unknown) => void answer(given));
else await answer(workerData);

/** Runs as a worker: see read-mime.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { attachmentAt, parseMime } from "./parse-mime.ts";

const task = z
  .object({
    sources: z.array(z.instanceof(Uint8Array)),
    trusted: z.object({ names: z.array(z.string()), isFirst: z.boolean() }),
    attachment: z.number().nullable(),
  })
  .parse(workerData);

if (task.attachment === null) {
  const read = [];
  for (const source of task.sources)
    read.push(await parseMime(source, task.trusted).catch(() => null)); // No mail that can be read.
  parentPort?.postMessage(read);
} else {
  const [source] = task.sources;
  parentPort?.postMessage(source ? await attachmentAt(source, task.attachment) : null);
}

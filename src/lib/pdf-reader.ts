/** Runs as a worker: see read-pdf.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { extractText, getDocumentProxy } from "unpdf";
import { z } from "zod";

const bytes = z.instanceof(Uint8Array).parse(workerData);
const { totalPages, text } = await extractText(await getDocumentProxy(bytes), {
  mergePages: false,
});
parentPort?.postMessage({ totalPages, pages: text });

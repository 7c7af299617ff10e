/** A thread of its own: what a hostile file does to it ends with it. */
import { parentPort, workerData } from "node:worker_threads";
import { extractText, getDocumentProxy } from "unpdf";
import { z } from "zod";

const { bytes, maxPages } = z
  .object({ bytes: z.instanceof(Uint8Array), maxPages: z.number() })
  .parse(workerData);
const document = await getDocumentProxy(bytes);
const pages: string[] = [];
const { totalPages, text } = await extractText(document, { mergePages: false });
pages.push(...text.slice(0, maxPages));
parentPort?.postMessage({ totalPages, pages });

import { Worker } from "node:worker_threads";
import { z } from "zod";

const MAX_PAGES = 50;
const MAX_MS = 20_000;
const MAX_HEAP_MB = 256;

export type ReadPdf =
  | { readonly kind: "read"; readonly text: string }
  | { readonly kind: "refused"; readonly why: string };

const answer = z.object({ totalPages: z.number(), pages: z.array(z.string()) });

/** The words of a PDF, page by page. In a thread with bounds of its own, since anybody may send one. */
export async function readPdf(bytes: Uint8Array, signal: AbortSignal): Promise<ReadPdf> {
  const worker = new Worker(new URL("./pdf-worker.ts", import.meta.url), {
    workerData: { bytes, maxPages: MAX_PAGES },
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    // What the library complains about is nobody's business.
    stdout: true,
    stderr: true,
  });
  const ended = Promise.withResolvers<ReadPdf>();
  const refuse = (why: string) => ended.resolve({ kind: "refused", why });
  const timer = setTimeout(() => refuse("it takes too long to read"), MAX_MS);
  const stop = () => ended.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  worker.on("message", (message: unknown) => {
    const { totalPages, pages } = answer.parse(message);
    const text = pages.map((page, index) => `[page ${index + 1}]\n${page.trim()}`).join("\n\n");
    const rest =
      totalPages > MAX_PAGES ? `\n\n[${totalPages - MAX_PAGES} more pages left out]` : "";
    const isBlank = pages.every((page) => page.trim() === "");
    if (isBlank) refuse("it holds pictures and no words");
    else ended.resolve({ kind: "read", text: text + rest });
  });
  worker.on("error", () => refuse("it cannot be read as a PDF"));
  worker.on("exit", () => refuse("it cannot be read as a PDF"));
  try {
    signal.throwIfAborted();
    return await ended.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    await worker.terminate();
  }
}

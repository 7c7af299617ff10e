import { Worker } from "node:worker_threads";

export type PageJob =
  | {
      readonly kind: "html";
      readonly html: string;
      readonly url: string;
      readonly maxChars: number;
    }
  | { readonly kind: "pdf"; readonly bytes: Uint8Array; readonly maxChars: number };

export interface PageText {
  readonly title: string | null;
  /** Markdown, more or less; at most `maxChars`. */
  readonly text: string;
  /** Of a PDF. */
  readonly pages: number | null;
}

/** The words of a page, or of a PDF. null when they cannot be read within the bounds of time and memory. */
export type ReadPage = (job: PageJob, signal: AbortSignal) => Promise<PageText | null>;

const MAX_MS = 20_000;
const MAX_HEAP_MB = 256;
/** Pages that are read at the same time in this process; so many more wait, and what is beyond is not read. */
const MAX_READERS = 2;
const MAX_WAITING = 100;

/** A worker for each page: it holds nothing of ours, and it can be stopped whatever it does. */
export function createReadPage({ maxMs = MAX_MS } = {}): ReadPage {
  const waiting: (() => void)[] = [];
  let running = 0;
  const enter = async () => {
    if (running >= MAX_READERS) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
  };
  const leave = () => {
    running--;
    waiting.shift()?.();
  };
  return async (job, signal) => {
    if (waiting.length >= MAX_WAITING) return null;
    await enter();
    try {
      return await readOnce(job, AbortSignal.any([signal, AbortSignal.timeout(maxMs)]));
    } finally {
      leave();
      signal.throwIfAborted();
    }
  };
}

async function readOnce(job: PageJob, signal: AbortSignal): Promise<PageText | null> {
  const worker = new Worker(new URL("page-reader.ts", import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, stackSizeMb: 8 },
    env: {},
    // What libraries say about a broken PDF is nobody's business.
    stdout: true,
    stderr: true,
  });
  const { promise, resolve } = Promise.withResolvers<PageText | null>();
  const onAbort = () => resolve(null);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  worker.on("message", resolve);
  worker.on("error", onAbort);
  worker.on("exit", onAbort);
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", onAbort);
    await worker.terminate();
  }
}

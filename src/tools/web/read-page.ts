import { inWorker } from "../../lib/in-worker.ts";
import { readPdf, toPages } from "../../lib/read-pdf.ts";

export interface HtmlJob {
  readonly kind: "html";
  readonly html: string;
  readonly url: string;
  readonly maxChars: number;
}

export type PageJob =
  | HtmlJob
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
      return await readOnce(job, maxMs, signal);
    } finally {
      leave();
    }
  };
}

const READER = new URL("./page-reader.ts", import.meta.url);

async function readOnce(
  job: PageJob,
  maxMs: number,
  signal: AbortSignal,
): Promise<PageText | null> {
  if (job.kind === "html") {
    const bounds = { maxMs, maxHeapMb: MAX_HEAP_MB };
    // As page-reader.ts posts it.
    return (await inWorker(READER, job, bounds, signal)) as PageText | null;
  }
  const pdf = await readPdf(job.bytes, signal);
  return (
    pdf && { title: null, text: toPages(pdf.pages).slice(0, job.maxChars), pages: pdf.totalPages }
  );
}

import { Worker } from "node:worker_threads";
import type { MailContent } from "./content.ts";
import type { TrustedServer } from "./mail-headers.ts";
import { contents, MIME_BOUNDS, MIME_MODULE, readOneByOne } from "./read-mime.ts";

/** Nobody has sent a mail for so long: the thread and its memory are given back. */
const IDLE_MS = 120_000;

export type ReadMime = (
  sources: readonly Uint8Array[],
  trusted: TrustedServer,
  signal: AbortSignal,
) => Promise<readonly (MailContent | null)[]>;

/**
 * The same as readMime(), in a thread that is kept for the next mails: starting one costs more than reading. What fails,
 * or takes too long, ends with the thread; the others of its batch are read by themselves.
 */
export function createMimeThread(): ReadMime {
  let worker: Worker | null = null;
  let before: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;

  function end(): void {
    void worker?.terminate();
    worker = null;
  }

  async function ask(task: unknown, signal: AbortSignal): Promise<unknown> {
    clearTimeout(idle);
    worker ??= start();
    const own = worker;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const fail = () => resolve(null);
    const timer = setTimeout(fail, MIME_BOUNDS.maxMs);
    signal.addEventListener("abort", fail, { once: true });
    own.on("message", resolve).on("error", fail).on("exit", fail);
    own.postMessage(task);
    const answer = await promise;
    clearTimeout(timer);
    signal.removeEventListener("abort", fail);
    own.off("message", resolve).off("error", fail).off("exit", fail);
    if (answer === null) end();
    else idle = setTimeout(end, IDLE_MS).unref();
    return answer;
  }

  return async (sources, trusted, signal) => {
    if (sources.length === 0) return [];
    signal.throwIfAborted();
    const asked = before.then(() => ask({ sources, trusted, attachment: null }, signal));
    before = asked;
    const answer = await asked;
    signal.throwIfAborted();
    return contents.parse(answer) ?? readOneByOne(sources, trusted, signal);
  };
}

function start(): Worker {
  const worker = new Worker(MIME_MODULE, {
    workerData: null,
    resourceLimits: { maxOldGenerationSizeMb: MIME_BOUNDS.maxHeapMb, stackSizeMb: 8 },
    env: {},
    // What libraries say about a broken mail is nobody's business.
    stdout: true,
    stderr: true,
  });
  worker.on("error", () => {}); // Whoever waits for it finds out.
  worker.unref();
  return worker;
}

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { OpenPglite } from "./pglite.ts";

/** Nothing takes so long unless PGlite has lost itself, which it does without a word when it panics. */
const MAX_ANSWER_MS = 120_000;

export interface PgliteWorker extends OpenPglite {
  /** Rejects when the database ended by itself: nothing can be asked of it any more. */
  readonly broken: Promise<never>;
}

/** PGlite over a folder, in a thread of its own. Rejects with words when the folder cannot be opened. */
export async function openPgliteWorker(
  folder: string,
  { maxAnswerMs = MAX_ANSWER_MS } = {},
): Promise<PgliteWorker> {
  const worker = new Worker(new URL("worker.ts", import.meta.url), { workerData: { folder } });
  const waiting: PromiseWithResolvers<Uint8Array>[] = [];
  const { promise: broken, reject } = Promise.withResolvers<never>();
  broken.catch(() => {}); // Whoever waits for it hears of it.
  let isOver = false;

  const end = (words: string) => {
    // PGlite's own errors quote its whole program text; only the first words are kept.
    const error = new Error(`The embedded database stopped: ${words.slice(0, 200)}`);
    isOver = true;
    reject(error);
    for (const each of waiting.splice(0)) each.reject(error);
  };
  worker.on("error", (error: Error) => end(error.message));
  worker.on("exit", () => end("its thread ended"));

  try {
    await Promise.race([once(worker, "message"), broken]);
  } catch (error) {
    throw new Error(
      `The embedded database in ${folder} does not open. Restore a backup, or move the folder away to begin anew.`,
      { cause: error },
    );
  }
  worker.on("message", (answer: Uint8Array) => waiting.shift()?.resolve(answer));

  return {
    broken,
    async exchange(request) {
      if (isOver) return broken;
      const answer = Promise.withResolvers<Uint8Array>();
      waiting.push(answer);
      // A copy, since a Buffer may be a view of a larger piece of memory, all of which would be sent.
      worker.postMessage(Uint8Array.from(request));
      const patience = setTimeout(() => {
        end("it does not answer");
        void worker.terminate();
      }, maxAnswerMs);
      return answer.promise.finally(() => clearTimeout(patience));
    },
    async close() {
      if (isOver) return;
      const ended = once(worker, "exit");
      worker.postMessage("close");
      await ended;
    },
  };
}

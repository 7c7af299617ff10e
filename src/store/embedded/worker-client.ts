import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { OpenPglite } from "./pglite.ts";

type Reply = Uint8Array | { readonly failed: string };

interface Waiting {
  readonly resolve: (answer: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** PGlite over a folder, in a thread of its own. Rejects with words when the folder cannot be opened. */
export async function openPgliteWorker(folder: string): Promise<OpenPglite> {
  const worker = new Worker(new URL("worker.ts", import.meta.url), { workerData: { folder } });
  const waiting: Waiting[] = [];
  let broken: Error | null = null;

  const fail = (cause: unknown) => {
    // PGlite's own errors print its whole program text; only the first words are kept.
    const words = cause instanceof Error ? cause.message.slice(0, 300) : "it ended";
    broken = new Error(`The embedded database stopped: ${words}`);
    for (const { reject } of waiting.splice(0)) reject(broken);
  };
  await new Promise<void>((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", (error: Error) =>
      reject(new Error(`The embedded database does not open: ${error.message.slice(0, 300)}`)),
    );
  });
  worker.removeAllListeners("error");
  worker.on("error", fail);
  worker.on("exit", fail);
  worker.on("message", (reply: Reply) => {
    const next = waiting.shift();
    if (reply instanceof Uint8Array) next?.resolve(reply);
    else next?.reject(new Error(reply.failed));
  });

  return {
    exchange: (request) =>
      new Promise((resolve, reject) => {
        if (broken) return reject(broken);
        waiting.push({ resolve, reject });
        worker.postMessage(request);
      }),
    async close() {
      if (broken) return;
      worker.removeListener("exit", fail);
      worker.removeAllListeners("message");
      const closed = once(worker, "exit");
      worker.postMessage("close");
      await closed;
    },
  };
}

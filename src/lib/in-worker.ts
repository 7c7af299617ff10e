import { Worker } from "node:worker_threads";

export interface WorkerBounds {
  readonly maxMs: number;
  readonly maxHeapMb: number;
}

/**
 * Reads something hostile in a thread of its own: it holds nothing of ours, and is stopped whatever it does. Gives what
 * the module posts; null when it fails, or needs more time or memory. Rejects with the signal's reason.
 */
export async function inWorker(
  module: URL,
  workerData: unknown,
  { maxMs, maxHeapMb }: WorkerBounds,
  signal: AbortSignal,
): Promise<unknown> {
  signal.throwIfAborted();
  const worker = new Worker(module, {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb, stackSizeMb: 8 },
    env: {},
    // What libraries say about a broken file is nobody's business.
    stdout: true,
    stderr: true,
  });
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const fail = () => resolve(null);
  const timer = setTimeout(fail, maxMs);
  signal.addEventListener("abort", fail, { once: true });
  worker.on("message", resolve);
  worker.on("error", fail);
  worker.on("exit", fail);
  try {
    const result = await promise;
    signal.throwIfAborted();
    return result;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", fail);
    await worker.terminate();
  }
}

/** The thread that PGlite lives in, since a query blocks the thread it runs on. Speaks with worker-client.ts. */
import assert from "node:assert/strict";
import { parentPort, workerData } from "node:worker_threads";
import { openPglite } from "./pglite.ts";

assert(parentPort, "This file is started as a worker thread");
const port = parentPort;
const { folder } = workerData as { readonly folder: string };

const { exchange, close } = await openPglite({ folder });

let chain: Promise<unknown> = Promise.resolve();
port.on("message", (request: Uint8Array | "close") => {
  chain = chain.then(() => (request === "close" ? end() : answer(request)));
});
port.postMessage("open");

async function answer(request: Uint8Array): Promise<void> {
  try {
    port.postMessage(await exchange(request));
  } catch (error) {
    // The error itself may hold half the program text of PGlite.
    port.postMessage({ failed: error instanceof Error ? error.message.slice(0, 300) : "unknown" });
  }
}

async function end(): Promise<void> {
  await close();
  port.postMessage("closed");
  port.close();
}

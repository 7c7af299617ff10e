/** The thread that PGlite lives in, since a query blocks the thread it runs on. Speaks with worker-client.ts. */
import assert from "node:assert/strict";
import { parentPort, workerData } from "node:worker_threads";
import { openPglite } from "./pglite.ts";

assert(parentPort, "This file is started as a worker thread");
const port = parentPort;
const { folder } = workerData as { readonly folder: string };

const { exchange, close } = await openPglite({ folder });

// What PGlite throws is no answer to a statement but the end of PGlite, and of this thread.
let chain: Promise<void> = Promise.resolve();
port.on("message", (request: Uint8Array | "close") => {
  chain = chain.then(() => (request === "close" ? end() : answer(request)));
});
port.postMessage("open");

async function answer(request: Uint8Array): Promise<void> {
  const reply = await exchange(request);
  port.postMessage(reply, [reply.buffer as ArrayBuffer]);
}

async function end(): Promise<void> {
  await close();
  port.close();
}

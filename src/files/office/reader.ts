/** Runs as a worker: see ../read-office.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { readFormat, type OfficeJob } from "./read-format.ts";
import { RefusedError } from "./refuse.ts";

try {
  // Given by read-office.ts, which has the type.
  parentPort?.postMessage({ kind: "read", text: await readFormat(workerData as OfficeJob) });
} catch (error) {
  if (!(error instanceof RefusedError)) throw error;
  parentPort?.postMessage({ kind: "refused", why: error.message });
}

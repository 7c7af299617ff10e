/** Opens a sandbox in which something runs, and dies without a word: with an engine, an image and a house. */
import { randomUUID } from "node:crypto";
import { systemClock } from "../src/core/clock.ts";
import { silentLog } from "../src/core/log.ts";
import { createDockerRunner } from "../src/sandbox/docker/docker-runner.ts";

const [host = "", image = "", house = ""] = process.argv.slice(2);
const MIB = 1024 * 1024;
const signal = new AbortController().signal;
const runner = createDockerRunner(
  { clock: systemClock, createId: randomUUID, log: silentLog, findHost: null },
  { host, image, house, maxSandboxes: 1 },
);
const sandbox = await runner.create(
  "child",
  {
    memoryBytes: 64 * MIB,
    cpus: 1,
    processes: 16,
    workspaceBytes: 8 * MIB,
    workspaceFiles: 100,
    fileBytes: MIB,
  },
  signal,
);
const limits = { timeMs: 600_000, outBytes: 1_000, errBytes: 1_000 };
const command = "echo started; trap '' TERM INT HUP; while :; do sleep 1; done";
for await (const event of sandbox.exec({ kind: "shell", command }, limits, signal))
  if (event.type === "output") process.kill(process.pid, "SIGKILL");

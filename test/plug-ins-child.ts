/**
 * A process of its own that runs plug-ins, to be killed: `node plug-ins-child.ts FOLDER`. It runs what stands in the store
 * there, says "open" when it has begun, and "ready" when all of them are.
 */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setInterval } from "node:timers/promises";
import { systemClock } from "../src/core/clock.ts";
import { noFault } from "../src/core/fault.ts";
import { silentLog } from "../src/core/log.ts";
import { openMcp } from "../src/mcp/index.ts";
import { openStore } from "../src/store/index.ts";

const [, , dataDir = ""] = process.argv;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
process.stdin.resume().on("end", () => process.kill(process.pid, "SIGKILL"));

const store = await openStore(
  { log: silentLog, fault: noFault, random: Math.random, createId: randomUUID, keys: [] },
  { kind: "embedded", dataDir },
);
const mcp = await openMcp(
  {
    servers: store.mcpServers,
    tools: store.mcpTools,
    secrets: store.secrets,
    fetchFor: () => fetch,
    authFor: () => undefined,
    questions: null,
    programs: null,
    cleanText: (text) => text,
    clock: systemClock,
    log: silentLog,
  },
  { folder: join(dataDir, "mcp"), maxMemoryBytes: 1024 ** 3, idleMs: 60_000, version: "1.0.0" },
);
say("open");
void mcp.service.run(new AbortController().signal);

for await (const _ of setInterval(50)) {
  const rows = (await store.mcpServers.changed(null))?.servers ?? [];
  if (rows.length > 0 && rows.every(({ status }) => status.state === "ready")) break;
}
say("ready");

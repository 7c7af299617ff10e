import { randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { noFault } from "../../../src/core/fault.ts";
import { silentLog } from "../../../src/core/log.ts";
import { RUN_VARIABLE } from "../../../src/mcp/process-ledger.ts";
import { withVariable } from "../../../src/mcp/processes.ts";
import { openStore } from "../../../src/store/index.ts";
import { startPlugInsChild } from "../../child.ts";
import { misbehaving } from "../programs.ts";

/** What became of one kill. */
export interface Round {
  /** Processes of servers that were there when she was killed, and right after it. */
  readonly left: number;
  /** Those of them that were still there when her next start had opened. */
  readonly orphans: number;
}

/** A data folder in which three servers are wanted: one that ends by itself, one whose children hide, one that is slow. */
export async function prepareFolder(dataDir: string): Promise<void> {
  const store = await openStore(
    { log: silentLog, fault: noFault, random: Math.random, createId: randomUUID, keys: [] },
    { kind: "embedded", dataDir },
  );
  await store.mcpServers.add(misbehaving("well", "", { name: "well" }));
  await store.mcpServers.add(misbehaving("grandchildren", "", { name: "family" }));
  await store.mcpServers.add(misbehaving("slow", 300, { name: "slow" }));
  await store[Symbol.asyncDispose]();
}

/** Starts her, kills her after `delayMs` (null: when all servers are ready), and looks again at her next start. */
export async function killOnce(dataDir: string, delayMs: number | null): Promise<Round> {
  await using first = startPlugInsChild(dataDir);
  await first.line();
  const run = await newestRun(dataDir);
  if (delayMs === null) await first.line();
  else await sleep(delayMs);
  await first.kill();
  const left = (await withVariable(RUN_VARIABLE, run)).length;
  await using next = startPlugInsChild(dataDir);
  await next.line();
  const orphans = (await withVariable(RUN_VARIABLE, run)).length;
  await next.kill();
  return { left, orphans };
}

async function newestRun(dataDir: string): Promise<string> {
  const pages = (await readdir(join(dataDir, "mcp", "runs"))).filter((name) =>
    name.endsWith(".json"),
  );
  const [page = "", ...more] = pages;
  if (more.length > 0) throw new Error("The page of an earlier run is still there.");
  return page.replace(/\.json$/, "");
}

import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Log } from "../core/log.ts";
import {
  hasVariable,
  listProcesses,
  numberSpace,
  readProcess,
  sweep,
  tellProcess,
  type ProcessFacts,
} from "./processes.ts";

/** Every process of a server carries it in its environment: the name of the run that started it, and of the program. */
export const RUN_VARIABLE = "CLARA_MCP_RUN";
/** Between SIGTERM and SIGKILL for what an earlier run left behind. */
const LEFT_OVER_GRACE_MS = 500;

/** What this run starts, written down so that a later one finds what was left behind. */
export interface ProcessLedger extends AsyncDisposable {
  /** Goes into the environment of everything that is started. */
  readonly run: string;
  readonly started: (pid: number) => Promise<void>;
  readonly ended: (pid: number) => Promise<void>;
}

const record = z.object({
  run: z.string().min(16),
  space: z.string(),
  owner: z.object({ pid: z.int(), startTime: z.string() }),
  processes: z.array(z.object({ pid: z.int(), startTime: z.string() })),
});
type Record = z.infer<typeof record>;

/**
 * Ends what runs that are over left behind, and opens this one's page. The name of the run is on disk before anything is
 * started: whoever is killed in between leaves nothing that cannot be found.
 */
export async function openProcessLedger(
  { createId, log }: { readonly createId: () => string; readonly log: Log },
  folder: string,
): Promise<ProcessLedger> {
  await mkdir(folder, { recursive: true });
  const ended = await endLeftOver(folder);
  if (ended > 0) log.warn({ ended }, "mcp-left-over-ended");
  const run = createId();
  const file = join(folder, `${run}.json`);
  const space = await numberSpace();
  const owner = { pid: process.pid, startTime: (await readProcess(process.pid))?.startTime ?? "" };
  const processes = new Map<number, string>();
  let writing = Promise.resolve();

  /** One after the other, and whole: a page that is half written would be of no use. */
  function write(): Promise<void> {
    writing = writing.then(async () => {
      const all = [...processes].map(([pid, startTime]) => ({ pid, startTime }));
      const page: Record = { run, space, owner, processes: all };
      await writeFile(`${file}.new`, JSON.stringify(page));
      await rename(`${file}.new`, file);
    });
    return writing;
  }

  await write();
  return {
    run,
    async started(pid) {
      processes.set(pid, (await readProcess(pid))?.startTime ?? "");
      await write();
    },
    async ended(pid) {
      if (processes.delete(pid)) await write();
    },
    async [Symbol.asyncDispose]() {
      await writing;
      await rm(file, { force: true });
    },
  };
}

/** How many processes were ended. Whatever cannot be read is left alone. */
async function endLeftOver(folder: string): Promise<number> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  let count = 0;
  for (const name of files) {
    const page = await readPage(join(folder, name));
    if (page === null || (await isRunning(page))) continue;
    count += await endAll(page);
    await rm(join(folder, name), { force: true });
  }
  return count;
}

async function readPage(file: string): Promise<Record | null> {
  try {
    return record.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    // Half of a page, or none of ours.
    return null;
  }
}

/** Also true for a run in another container: its processes have other numbers, and end with it. */
async function isRunning({ owner, space }: Record): Promise<boolean> {
  if (space !== (await numberSpace())) return true;
  return (await readProcess(owner.pid))?.startTime === owner.startTime;
}

async function endAll(page: Record): Promise<number> {
  const left = await leftOf(page);
  for (const { pid } of left) tellProcess(pid, "SIGTERM");
  if (left.length > 0) await sleep(LEFT_OVER_GRACE_MS);
  await sweep(() => leftOf(page));
  return left.length;
}

/** Surely of that run: by the name of the run in the environment, or by number and time of start. */
async function leftOf({ run, processes }: Record): Promise<readonly ProcessFacts[]> {
  const known = new Set(processes.map(({ pid, startTime }) => `${pid} ${startTime}`));
  const all = (await listProcesses()).filter(({ pid }) => pid !== process.pid);
  const isOf = await Promise.all(
    all.map(
      async ({ pid, startTime }) =>
        known.has(`${pid} ${startTime}`) || (await hasVariable(pid, RUN_VARIABLE, run)),
    ),
  );
  return all.filter((_, index) => isOf[index]);
}

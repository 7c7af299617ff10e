import { readdir, readFile, readlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** A process as Linux tells of it in /proc. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export interface ProcessFacts {
  readonly pid: number;
  readonly groupId: number;
  readonly sessionId: number;
  /** In ticks since the machine started: with `pid` it means one process and no other. */
  readonly startTime: string;
}

/** Those that have not ended; none on systems without /proc. */
export async function listProcesses(): Promise<readonly ProcessFacts[]> {
  const names = await readdir("/proc").catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(readProcess));
  return found.filter((facts) => facts !== null);
}

/** null when there is none, or it has ended and waits to be reaped. */
export async function readProcess(pid: number): Promise<ProcessFacts | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The name in brackets is the program's to choose, and may hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, , groupId, sessionId] = fields;
  const startTime = fields[19];
  if (state === undefined || state === "Z" || state === "X" || startTime === undefined) return null;
  return { pid, groupId: Number(groupId), sessionId: Number(sessionId), startTime };
}

/** All that a program of ours started and that is still there: it leads a session of its own. */
export const membersOf = async (leader: number): Promise<readonly ProcessFacts[]> =>
  (await listProcesses()).filter(
    ({ groupId, sessionId }) => groupId === leader || sessionId === leader,
  );

/** Memory that these hold, pages they share counted for each; 0 where nobody tells. */
export async function memoryOf(processes: readonly ProcessFacts[]): Promise<number> {
  const each = await Promise.all(
    processes.map(async ({ pid }) => {
      const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
      return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    }),
  );
  return each.reduce((sum, bytes) => sum + bytes, 0);
}

/** Whether it was started with a variable of this name whose value begins so. */
export async function hasVariable(pid: number, name: string, value: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  return environment.split("\0").some((each) => each.startsWith(`${name}=${value}`));
}

/** Those that carry the variable. */
export async function withVariable(name: string, value: string): Promise<readonly ProcessFacts[]> {
  const all = (await listProcesses()).filter(({ pid }) => pid !== process.pid);
  const has = await Promise.all(all.map(({ pid }) => hasVariable(pid, name, value)));
  return all.filter((_, index) => has[index]);
}

/** The space in which numbers of processes mean something: a container has one of its own. */
export const numberSpace = (): Promise<string> => readlink("/proc/self/ns/pid").catch(() => "");

/** False when there is nothing to tell it to. */
export function tellProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    // It is gone, or is not ours to tell.
    return false;
  }
}

/** Programs may start others while they are being ended: it is looked again so often. */
const MAX_SWEEPS = 20;
const SWEEP_MS = 20;

/** Ends all that `find` finds, until it finds none. */
export async function sweep(find: () => Promise<readonly ProcessFacts[]>): Promise<void> {
  for (let round = 0; round < MAX_SWEEPS; round++) {
    const found = await find();
    if (found.length === 0) return;
    for (const { pid } of found) tellProcess(pid, "SIGKILL");
    await sleep(SWEEP_MS);
  }
}

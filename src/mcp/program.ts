import { spawn, type ChildProcessByStdio } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { McpProblem } from "../core/mcp-control.ts";
import { CLOSE_GRACE_MS, TERM_GRACE_MS } from "./limits.ts";
import { RUN_VARIABLE, type ProcessLedger } from "./process-ledger.ts";
import { membersOf, sweep, tellProcess, withVariable } from "./processes.ts";

/** A program as it is started: these variables reach it, and no others. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface RunningProgram {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the program itself has ended, with how, in words. */
  readonly exited: Promise<string>;
  /** Ends it and everything that it started: by the end of its input, then SIGTERM, then SIGKILL. */
  readonly end: () => Promise<void>;
}

/** How often it is looked whether all have gone. */
const LOOK_MS = 50;

/** Starts a program in a group of its own. Throws McpProblem when it cannot be started. */
export async function startProgram(
  { ledger }: { readonly ledger: Pick<ProcessLedger, "run" | "started" | "ended"> },
  { command, args, cwd, env }: Program,
): Promise<RunningProgram> {
  const tag = `${ledger.run} ${randomUUID()}`;
  const child = spawn(command, args, {
    cwd,
    env: { ...env, [RUN_VARIABLE]: tag },
    // A group, and a session, of its own: what it starts can be found and ended with it.
    detached: true,
    shell: false,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const exited = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(howItEnded(code, signal)));
    child.once("error", () => resolve("it could not be started"));
  });
  const pid = await pidOf(child, command);
  // Whoever writes to a program that has gone is told by `exited`.
  child.stdin.on("error", () => {});
  await ledger.started(pid);
  let ending: Promise<void> | null = null;
  const end = () => (ending ??= endAll(child, { pid, tag }, exited).then(() => ledger.ended(pid)));
  return { pid, stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, exited, end };
}

function pidOf(
  child: ChildProcessByStdio<Writable, Readable, Readable>,
  command: string,
): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("spawn", () => resolve(child.pid ?? 0));
    child.once("error", (cause) =>
      reject(
        new McpProblem("cannot-start", `Its program could not be started (${reasonOf(cause)}).`, {
          cause,
        }),
      ),
    );
  });

  function reasonOf(error: Error): string {
    const code = "code" in error ? String(error.code) : "";
    if (code === "ENOENT") return `there is no ${command.slice(0, 100)}, or no such folder`;
    return code === "EACCES" ? "it may not be run" : code;
  }
}

const howItEnded = (code: number | null, signal: NodeJS.Signals | null): string =>
  signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`;

async function endAll(
  child: ChildProcessByStdio<Writable, Readable, Readable>,
  { pid, tag }: { readonly pid: number; readonly tag: string },
  exited: Promise<string>,
): Promise<void> {
  child.stdin.end();
  await Promise.race([exited, sleep(CLOSE_GRACE_MS)]);
  if (await isThere(pid)) {
    tellAll(pid, "SIGTERM");
    await untilGone(pid, TERM_GRACE_MS);
  }
  tellAll(pid, "SIGKILL");
  // Also those that made themselves a group or a session of their own.
  await sweep(async () => [...(await membersOf(pid)), ...(await withVariable(RUN_VARIABLE, tag))]);
  await exited;
  child.stdout.destroy();
  child.stderr.destroy();
}

const tellAll = (leader: number, signal: NodeJS.Signals): boolean => tellProcess(-leader, signal);

async function untilGone(leader: number, graceMs: number): Promise<void> {
  for (let waited = 0; waited < graceMs && (await isThere(leader)); waited += LOOK_MS)
    await sleep(LOOK_MS);
}

/** Where /proc does not tell, the group is asked. */
async function isThere(leader: number): Promise<boolean> {
  if (process.platform === "linux") return (await membersOf(leader)).length > 0;
  return tellProcess(-leader, 0);
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const MAIN = join(import.meta.dirname, "../../src/main.ts");
/** The end of what the program said, for when it says something unexpected. */
const MAX_OUTPUT_CHARS = 20_000;

export interface Program {
  readonly pid: number;
  /** Resolves when it is gone. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  readonly isGone: () => boolean;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** The newest part of its log. */
  readonly output: () => string;
}

/** Starts the real program, with this environment and nothing else of ours. */
export function startProgram(env: Readonly<Record<string, string>>): Program {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let gone = false;
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-MAX_OUTPUT_CHARS);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const exited = once(child, "exit").then(([code, signal]: (number | string | null)[]) => {
    gone = true;
    return { code: code as number | null, signal: signal as string | null };
  });
  return {
    pid: child.pid ?? 0,
    exited,
    isGone: () => gone,
    kill: (signal) => void child.kill(signal),
    output: () => output,
  };
}

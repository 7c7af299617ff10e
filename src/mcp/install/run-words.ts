import { spawn } from "node:child_process";
import { McpProblem } from "../../core/mcp-control.ts";
import { folderBytes } from "./folder-bytes.ts";

export interface RunOptions {
  readonly cwd: string;
  /** All that it gets. */
  readonly env: Readonly<Record<string, string>>;
  readonly maxMs: number;
  /** Ends it when the folder grows beyond that. */
  readonly limit?: { readonly folder: string; readonly bytes: number };
  readonly signal: AbortSignal;
}

const MAX_OUTPUT_CHARS = 16_384;
const MAX_SAID_CHARS = 400;
const LOOK_MS = 500;

/**
 * Runs a program to its end, without a shell, in a group that is ended as a whole. What it wrote to its output. Throws
 * McpProblem in words; rejects with the signal's reason.
 */
export async function runWords(
  [command = "", ...args]: readonly string[],
  { cwd, env, maxMs, limit, signal }: RunOptions,
): Promise<string> {
  signal.throwIfAborted();
  const child = spawn(command, args, {
    cwd,
    env: { ...env },
    detached: true,
    shell: false,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [output, said] = ["", ""];
  child.stdout.on(
    "data",
    (chunk: Buffer) => (output = (output + chunk.toString()).slice(-MAX_OUTPUT_CHARS)),
  );
  child.stderr.on(
    "data",
    (chunk: Buffer) => (said = (said + chunk.toString()).slice(-MAX_OUTPUT_CHARS)),
  );
  let why: string | null = null;
  const end = (reason: string) => {
    why ??= reason;
    killGroup(child.pid);
  };
  const stop = () => end("it was stopped");
  signal.addEventListener("abort", stop, { once: true });
  const late = setTimeout(() => end(`it took longer than ${Math.round(maxMs / 1_000)} s`), maxMs);
  const watching =
    limit &&
    watch(limit, () => end(`it fetches more than ${Math.round(limit.bytes / 1_048_576)} MB`));
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    signal.throwIfAborted();
    if (why !== null || code !== 0)
      throw problem(command, why ?? `it ended with ${code}`, said || output);
    return output;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof McpProblem) throw error;
    throw new McpProblem(
      "cannot-start",
      `\`${command}\` could not be started: is it on this machine?`,
      { cause: error },
    );
  } finally {
    signal.removeEventListener("abort", stop);
    clearTimeout(late);
    clearInterval(watching);
  }
}

const problem = (command: string, why: string, said: string): McpProblem => {
  const words = said
    .replace(/[^\P{C}\n]/gu, "")
    // npm says where its own log is: a path of this machine, and gone by then.
    .replace(/(?:npm error )?A complete log of this run[^\n]*/g, "")
    .replaceAll("npm error ", "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, MAX_SAID_CHARS);
  return new McpProblem(
    "cannot-start",
    `\`${command}\` did not do its part: ${why}.${words === "" ? "" : ` It said: ${words}`}`,
  );
};

function watch(
  { folder, bytes }: { readonly folder: string; readonly bytes: number },
  isFull: () => void,
) {
  let isLooking = false;
  return setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void folderBytes(folder, bytes)
      .then((size) => size > bytes && isFull())
      .finally(() => (isLooking = false));
  }, LOOK_MS);
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

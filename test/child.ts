import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { StoreOptions } from "../src/store/index.ts";

export interface Child extends AsyncDisposable {
  /** The next line that it writes; null when it has ended. */
  readonly line: () => Promise<string | null>;
  /** What it wrote to its error output so far. */
  readonly errors: () => string;
  /** As a power cut would. Resolves when it is gone. */
  readonly kill: () => Promise<void>;
  readonly pid: number;
}

/** Runs store-child.ts. */
export const startChild = (action: "accept" | "work" | "stall", options: StoreOptions): Child =>
  run("store-child.ts", action, JSON.stringify(options));

/** Runs lock-child.ts. */
export const startLockChild = (dataDir: string): Child => run("lock-child.ts", dataDir);

/** Runs plug-ins-child.ts. */
export const startPlugInsChild = (dataDir: string): Child => run("plug-ins-child.ts", dataDir);

function run(program: string, ...given: readonly string[]): Child {
  const child = spawn(process.execPath, [join(import.meta.dirname, program), ...given]);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, "exit");
  const kill = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  return {
    async line() {
      const next = await lines.next();
      return next.done === true ? null : next.value;
    },
    errors: () => errors,
    kill,
    pid: child.pid ?? 0,
    [Symbol.asyncDispose]: kill,
  };
}

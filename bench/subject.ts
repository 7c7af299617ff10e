import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { closeSync, openSync } from "node:fs";
import packageJson from "../package.json" with { type: "json" };
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Home } from "./homes.ts";
import type { Probed, ProbeOrder } from "./probe.ts";

const here = (file: string): string => join(import.meta.dirname, file);
const CLARA = here("../src/main.ts");
const ECHO_BOT = here("echo-bot.ts");
const MAX_ENDING_MS = 15_000;
/** As `npm start` starts it, but without the settings of whoever measures. */
const FLAGS = packageJson.scripts.start
  .split(" ")
  .filter((word) => word.startsWith("--") && !word.startsWith("--env-file"));

/** What the programs of this run say: somebody may want to know why one of them ended. */
export const LOG_FILE = join(tmpdir(), `clara-bench-${process.pid}.log`);

/** A program that is measured, in a process of its own. */
export interface Subject extends AsyncDisposable {
  /** Measures the delay of its event loop from now on. */
  readonly watch: () => void;
  readonly read: () => Promise<Probed>;
}

export interface SubjectOptions {
  /** False: started as a person starts it, and not to be asked anything. */
  readonly probed?: boolean;
  /** Without the library's 50 requests a second. */
  readonly unlimited?: boolean;
}

export function startSubject(
  home: Home,
  env: Readonly<Record<string, string>>,
  { probed = true, unlimited = false }: SubjectOptions = {},
): Subject {
  const preloads = [probed && "probe.ts", unlimited && "without-rate-limit.ts"].filter(Boolean);
  const log = openSync(LOG_FILE, "a");
  const child = fork(home.name === "echo bot" ? ECHO_BOT : CLARA, {
    execArgv: [...FLAGS, ...preloads.flatMap((file) => ["--import", here(String(file))])],
    env: { PATH: process.env["PATH"], ...home.env, ...env },
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  const gone = once(child, "exit");
  const order = (what: ProbeOrder) => child.send(what);

  return {
    watch: () => void order("watch"),
    async read() {
      const answer = once(child, "message");
      order("read");
      const [probed] = (await answer) as [Probed];
      return probed;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await Promise.race([gone, sleep(MAX_ENDING_MS, undefined, { ref: false })]);
      child.kill("SIGKILL");
      await gone;
    },
  };
}

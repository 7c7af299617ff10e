import { randomUUID } from "node:crypto";
import { createApp } from "../app.ts";
import { systemClock } from "../core/clock.ts";
import { sleep } from "../llm/sleep.ts";
import { openEmptyStore, openStore } from "../store/index.ts";
import { inspectDatabase } from "../store/inspect.ts";
import type { CliDeps } from "./run-command.ts";

/** The command line's parts on a real machine. */
export function thisProgram(): CliDeps {
  // A reader of our output that goes away, such as `head`, is no reason to crash.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  return {
    createApp,
    inspectDatabase,
    openStore,
    openEmptyStore,
    clock: systemClock,
    random: Math.random,
    createId: randomUUID,
    sleep,
    fetch: globalThis.fetch,
    envFile: ".env",
    machine: {
      env: process.env,
      input: process.stdin,
      output: process.stdout,
      errors: process.stderr,
      process,
      exit: (code) => process.exit(code),
      nodeVersion: process.version,
    },
  };
}

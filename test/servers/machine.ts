import { randomUUID } from "node:crypto";
import { systemClock } from "../../src/core/clock.ts";
import type { Clock } from "../../src/servers/kit/clock.ts";
import type { ServerMachine } from "../../src/servers/kit/machine.ts";

export interface TestServerMachine extends ServerMachine {
  /** Everything that it wrote to its log. */
  readonly logged: () => string;
  /** Moves its clock on. */
  readonly pass: (ms: number) => void;
}

/** A machine with an environment of its own, for a server that runs within the test. */
export function serverMachine(
  env: Readonly<Record<string, string>>,
  parts: { readonly clock?: Clock; readonly fetch?: typeof globalThis.fetch } = {},
): TestServerMachine {
  let log = "";
  let passed = 0;
  const clock = parts.clock ?? systemClock;
  return {
    env,
    fetch: parts.fetch ?? globalThis.fetch,
    clock: { now: () => new Date(clock.now().getTime() + passed) },
    stopwatch: systemClock.elapsedMs,
    random: () => 0.5,
    createId: randomUUID,
    errors: { write: (line) => (log += line) },
    version: "0.0.0-test",
    logged: () => log,
    pass: (ms) => void (passed += ms),
  };
}

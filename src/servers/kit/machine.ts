import type { Clock } from "./clock.ts";
import type { Environment } from "./settings.ts";

/** What a server gets from the program that runs it. */
export interface ServerMachine {
  readonly env: Environment;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** Milliseconds that only go up. */
  readonly stopwatch: () => number;
  readonly random: () => number;
  readonly createId: () => string;
  /** The log: never standard output, where the protocol speaks. */
  readonly errors: { readonly write: (line: string) => unknown };
  /** Of Clara. */
  readonly version: string;
}

import type { Readable, Writable } from "node:stream";
import type { ExitCode } from "../lib/exit-codes.ts";
import type { SignalSource } from "../lib/stop-on-signals.ts";

/** What the program gets from the machine it runs on; a test has its own. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input: Readable;
  readonly output: Writable;
  readonly errors: Writable;
  /** Where SIGINT and SIGTERM come from. */
  readonly process: SignalSource;
  /** Ends the program at once. */
  readonly exit: (code: ExitCode) => void;
  /** For example `v24.21.0`. */
  readonly nodeVersion: string;
}

import type { Clock } from "../core/clock.ts";
import { programVersion } from "../config.ts";
import { EXIT, type ExitCode } from "../lib/exit-codes.ts";
import { stopOnSignals } from "../lib/stop-on-signals.ts";
import { isWrongSettings } from "../lib/wrong-settings.ts";
import type { ServerMachine } from "../servers/kit/machine.ts";
import type { OpenServer } from "../servers/kit/serve.ts";
import type { Machine } from "./machine.ts";
import type { StartDeps } from "./start.ts";
import { wordsOf } from "./words-of.ts";

/** When told to stop, what runs gets that long. */
const GRACE_MS = 10_000;

export interface ServeDeps extends StartDeps {
  readonly machine: Machine;
  readonly clock: Clock;
  readonly random: () => number;
  readonly createId: () => string;
  readonly fetch: typeof globalThis.fetch;
}

export interface ServeOptions {
  /** null: by standard input and output. 0: any port that is free. */
  readonly port: number | null;
  /** With made-up data, and without an account. */
  readonly isDemo: boolean;
}

type Serve = (deps: ServeDeps, options: ServeOptions, signal: AbortSignal) => Promise<void>;

/** What `clara serve` can serve: one line each. Modules are loaded when they are asked for. */
const SERVED: Readonly<Record<string, Serve>> = {
  kledo: mcpServer(async () => (await import("../servers/kledo/open-kledo.ts")).openKledo),
  sandbox: async (deps, options, signal) =>
    (await import("./serve-sandbox.ts")).serveSandbox(deps, options, signal),
  mcp: async (deps, options, signal) =>
    (await import("./serve-mcp.ts")).serveMcp(deps, options, signal),
  qontak: mcpServer(async () => (await import("../servers/qontak/open-qontak.ts")).openQontak),
  "cegid-y2": mcpServer(
    async () => (await import("../servers/cegid-y2/open-cegid-y2.ts")).openCegidY2,
  ),
};

/** `clara serve <name> [--http PORT] [--demo]`. */
export async function serve(deps: ServeDeps, args: readonly string[]): Promise<ExitCode> {
  const { machine } = deps;
  const command = read(args);
  if (typeof command === "string") {
    machine.errors.write(`${command}\n`);
    return EXIT.usage;
  }
  const signal = stopOnSignals({ ...machine, graceMs: GRACE_MS });
  try {
    await command.serve(deps, command.options, signal);
    return EXIT.ok;
  } catch (error) {
    machine.errors.write(`${wordsOf(error).join("\n")}\n`);
    return isWrongSettings(error) ? EXIT.config : EXIT.failed;
  }
}

/** What to do, or what is wrong with the command line. */
function read([name = "", ...flags]: readonly string[]):
  | { readonly serve: Serve; readonly options: ServeOptions }
  | string {
  const found = Object.hasOwn(SERVED, name) ? SERVED[name] : undefined;
  if (!found) return `clara serve <name>: the name is one of ${Object.keys(SERVED).join(", ")}.`;
  const at = flags.indexOf("--http");
  const port = at === -1 ? null : toPort(flags[at + 1]);
  if (port === undefined) return "--http wants a port: a number from 0 to 65535.";
  const others = flags.filter((_, index) => at === -1 || (index !== at && index !== at + 1));
  const strange = others.find((flag) => flag !== "--demo");
  if (strange !== undefined) return `clara serve does not understand "${strange}".`;
  return { serve: found, options: { port, isDemo: others.includes("--demo") } };
}

const toPort = (word: string | undefined): number | undefined =>
  word !== undefined && /^\d{1,5}$/.test(word) && Number(word) <= 65_535 ? Number(word) : undefined;

/** A server that is built on the kit. */
function mcpServer(
  load: () => Promise<(machine: ServerMachine, options: ServeOptions) => Promise<OpenServer>>,
): Serve {
  return async (deps, options, signal) => {
    const { machine, clock, fetch, random, createId } = deps;
    const open = await load();
    const own: ServerMachine = {
      env: machine.env,
      fetch,
      clock,
      stopwatch: clock.elapsedMs,
      random,
      createId,
      errors: machine.errors,
      version: programVersion(),
    };
    const { serveByHttp, serveByStdio } = await import("../servers/kit/serve.ts");
    await using server = await open(own, options);
    if (options.port === null) await serveByStdio(own, server, machine, signal);
    else await serveByHttp(own, server, { port: options.port }, signal);
  };
}

import { mkdir } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { McpProblem } from "../core/mcp-control.ts";
import type { McpProgram, McpPrograms } from "../core/mcp-install.ts";
import type { McpServer } from "../core/mcp.ts";
import type { Program } from "./program.ts";

export interface ProgramHome {
  /** Absolute; homes of servers are in it. */
  readonly folder: string;
  /** Has programs here that come from elsewhere; null: they are started as their rows say. */
  readonly programs: Pick<McpPrograms, "ensure"> | null;
}

/**
 * The program of a server, as it is started on this machine. Of our environment nothing reaches it: it gets the variables
 * that are named, and what every program needs. Its home is a folder of its own.
 */
export async function programOf(
  { folder, programs }: ProgramHome,
  server: McpServer,
  secrets: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<Program> {
  const { id, launch } = server;
  if (launch.kind !== "stdio") throw new McpProblem("cannot-start", "It has no program.");
  const { env, secretEnv } = launch;
  const home = join(folder, "homes", id);
  await mkdir(home, { recursive: true, mode: 0o700 });
  const missing = secretEnv.filter((name) => !secrets.has(name));
  if (missing.length > 0)
    throw new McpProblem("cannot-start", `It needs a value for ${missing.join(", ")}.`);
  const secret = Object.fromEntries(secretEnv.map((name) => [name, secrets.get(name) ?? ""]));
  const program = programs === null ? asItSays(server) : await programs.ensure(server, signal);
  return {
    command: program.command,
    args: program.args,
    cwd: program.cwd ?? home,
    env: { PATH: PROGRAM_PATH, HOME: home, LANG: "C.UTF-8", ...env, ...secret },
  };
}

/** Whoever asked for a container does not get less. */
function asItSays({
  launch,
}: McpServer): Partial<McpProgram> & Pick<McpProgram, "command" | "args"> {
  if (launch.kind !== "stdio" || launch.isolation === "container")
    throw new McpProblem(
      "cannot-start",
      "It is to run in a container, and there is nothing here that makes one.",
    );
  const { command, args, cwd } = launch;
  return { command, args, ...(cwd !== null && { cwd }) };
}

/** Where programs are found, whatever our own PATH is. */
export const PROGRAM_PATH = [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(
  delimiter,
);

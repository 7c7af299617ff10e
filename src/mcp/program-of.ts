import { mkdir } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { McpProblem } from "../core/mcp-control.ts";
import type { McpLaunch, McpServer } from "../core/mcp.ts";
import type { Program } from "./program.ts";

type StdioLaunch = Extract<McpLaunch, { kind: "stdio" }>;

/**
 * The program of a server, as it is started on this machine. Of our environment nothing reaches it: it gets the variables
 * that are named, and what every program needs. Its home is a folder of its own.
 */
export async function programOf(
  { id }: Pick<McpServer, "id">,
  { command, args, cwd, env, secretEnv }: StdioLaunch,
  secrets: ReadonlyMap<string, string>,
  folder: string,
): Promise<Program> {
  const home = join(folder, "homes", id);
  await mkdir(home, { recursive: true, mode: 0o700 });
  const missing = secretEnv.filter((name) => !secrets.has(name));
  if (missing.length > 0)
    throw new McpProblem("cannot-start", `It needs a value for ${missing.join(", ")}.`);
  const secret = Object.fromEntries(secretEnv.map((name) => [name, secrets.get(name) ?? ""]));
  return {
    command,
    args,
    cwd: cwd ?? home,
    env: { PATH: PROGRAM_PATH, HOME: home, LANG: "C.UTF-8", ...env, ...secret },
  };
}

const PROGRAM_PATH = [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(
  delimiter,
);

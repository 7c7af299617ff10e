import { fileURLToPath } from "node:url";
import type { NewMcpServer } from "../../src/core/mcp.ts";
import { newMcpServer } from "../mcp-rows.ts";

/** A server of the operator's that does one thing wrong. */
export function misbehaving(
  fault: string,
  more: string | number = "",
  change: Partial<NewMcpServer> = {},
  env: { readonly env?: Record<string, string>; readonly secretEnv?: readonly string[] } = {},
): NewMcpServer {
  return program("bad", [SCRIPT, fault, String(more)], change, env);
}

const SCRIPT = fileURLToPath(new URL("./misbehaving.ts", import.meta.url));

/** A server of the operator's that is a program of Node's. */
export const program = (
  name: string,
  args: readonly string[],
  change: Partial<NewMcpServer> = {},
  {
    env = {},
    secretEnv = [],
  }: { readonly env?: Record<string, string>; readonly secretEnv?: readonly string[] } = {},
): NewMcpServer =>
  newMcpServer({
    owner: { kind: "operator" },
    name,
    displayName: name,
    source: { kind: "path", path: "/" },
    launch: {
      kind: "stdio",
      command: process.execPath,
      args,
      cwd: null,
      env,
      secretEnv,
      isolation: "process",
    },
    timeoutMs: 5_000,
    ...change,
  });

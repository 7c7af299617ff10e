import type { Config } from "../config.ts";
import { systemClock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import {
  openMcp,
  type AuthFor,
  type Mcp,
  type McpDeps,
  type ServerQuestions,
} from "../mcp/index.ts";
import type { Store } from "../store/index.ts";
import type { Outward } from "./outward.ts";

/** What others bring: signing in, and answers to what servers ask. */
interface McpParts {
  readonly authFor: AuthFor;
  readonly questions: ServerQuestions | null;
  /** Not there: programs are started as their rows say. */
  readonly programs?: McpDeps["programs"];
}

/** MCP servers. Those of the operator may stand in his own network; all others only on the public web. */
export async function openPlugIns(
  { mcp: settings, version }: Pick<Config, "mcp" | "version">,
  { mcpServers, mcpTools, secrets }: Pick<Store, "mcpServers" | "mcpTools" | "secrets">,
  { streamFrom, cleanText }: Pick<Outward, "streamFrom" | "cleanText">,
  log: Log,
  { authFor, questions, programs = null }: McpParts,
): Promise<Mcp> {
  const wide = new Map<string, ReturnType<Outward["streamFrom"]>>();
  const open = (hosts: readonly string[]) => {
    const key = hosts.join();
    const known = wide.get(key) ?? streamFrom(hosts);
    wide.set(key, known);
    return known.fetch;
  };
  const mcp = await openMcp(
    {
      servers: mcpServers,
      tools: mcpTools,
      secrets,
      fetchFor: ({ server: { owner, launch } }) =>
        open(owner.kind === "operator" && launch.kind === "http" ? [new URL(launch.url).host] : []),
      authFor,
      questions,
      programs,
      cleanText,
      clock: systemClock,
      log,
    },
    { ...settings, version },
  );
  return {
    ...mcp,
    async [Symbol.asyncDispose]() {
      await mcp[Symbol.asyncDispose]();
      await Promise.all([...wide.values()].map((each) => each[Symbol.asyncDispose]()));
    },
  };
}

import type { Config } from "../config.ts";
import { systemClock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { McpDesk } from "../core/mcp-desk.ts";
import type { McpCredentials, McpSignIn } from "../core/mcp-sign-in.ts";
import type { Service } from "../core/service.ts";
import { openMcp, type AuthFor, type Mcp, type ServerQuestions } from "../mcp/index.ts";
import type { Store } from "../store/index.ts";
import { openMcpInstall } from "./mcp-install.ts";
import type { Outward } from "./outward.ts";

/** What others bring: signing in, and answers to what servers ask. */
interface McpParts {
  readonly authFor: AuthFor;
  readonly questions: ServerQuestions | null;
  readonly signIn: McpSignIn;
  readonly credentials: McpCredentials;
}

/** Servers as they run, and as people look after them. */
export interface PlugIns extends Mcp {
  readonly desk: McpDesk;
  /** For the process that runs the servers. */
  readonly services: readonly Service[];
}

/** MCP servers; null where they are switched off. Those of the operator may stand in his own network; all others only on the public web. */
export async function openPlugIns(
  { mcp: settings, version, ...config }: Pick<Config, "mcp" | "version" | "mcpInstall" | "dataDir">,
  { mcpServers, mcpTools, secrets }: Pick<Store, "mcpServers" | "mcpTools" | "secrets">,
  { fetch, streamFrom, cleanText }: Pick<Outward, "fetch" | "streamFrom" | "cleanText">,
  log: Log,
  { authFor, questions, signIn, credentials }: McpParts,
): Promise<PlugIns | null> {
  if (!settings.isOn) return null;
  const wide = new Map<string, ReturnType<Outward["streamFrom"]>>();
  const open = (hosts: readonly string[]) => {
    const key = hosts.join();
    const known = wide.get(key) ?? streamFrom(hosts);
    wide.set(key, known);
    return known.fetch;
  };
  let poke = () => {};
  const install = openMcpInstall(
    config,
    { mcpServers, secrets },
    { fetch, log, poke: () => poke() },
  );
  const mcp = await openMcp(
    {
      servers: mcpServers,
      tools: mcpTools,
      secrets,
      programs: install.programs,
      fetchFor: ({ server: { owner, launch } }) =>
        open(owner.kind === "operator" && launch.kind === "http" ? [new URL(launch.url).host] : []),
      authFor,
      questions,
      cleanText,
      clock: systemClock,
      log,
    },
    { ...settings, version },
  );
  poke = mcp.control.poke;
  const { control, review, prompts } = mcp;
  return {
    ...mcp,
    desk: {
      servers: mcpServers,
      installer: install.installer,
      control,
      review,
      prompts,
      signIn: { ...signIn, ...credentials },
    },
    services: [mcp.service, install.service],
    async [Symbol.asyncDispose]() {
      await install[Symbol.asyncDispose]();
      await mcp[Symbol.asyncDispose]();
      await Promise.all([...wide.values()].map((each) => each[Symbol.asyncDispose]()));
    },
  };
}

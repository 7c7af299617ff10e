import { randomUUID } from "node:crypto";
import { isAbsolute, resolve } from "node:path";
import type { Config } from "../config.ts";
import { systemClock } from "../core/clock.ts";
import { mcpServerId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type { McpInstaller, McpPrograms } from "../core/mcp-install.ts";
import type { SafeFetch } from "../core/net.ts";
import type { Service } from "../core/service.ts";
import { asError } from "../lib/as-error.ts";
import { createServerFiles } from "../mcp/files/server-files.ts";
import { createDocker } from "../mcp/install/docker.ts";
import { createInstaller } from "../mcp/install/installer.ts";
import { keepPresets } from "../mcp/install/keep-presets.ts";
import { PRESETS } from "../mcp/install/presets.ts";
import { createPrograms } from "../mcp/install/programs.ts";
import { PROGRAM_PATH } from "../mcp/program-of.ts";
import type { Store } from "../store/index.ts";

export interface McpInstall extends AsyncDisposable {
  readonly programs: McpPrograms;
  readonly installer: McpInstaller;
  /** Keeps rows in step with files and keys. For one process alone: the one that runs the servers. */
  readonly service: Service;
}

interface Deps {
  readonly fetch: SafeFetch;
  readonly log: Log;
  /** Whoever runs the servers looks at the rows at once. */
  readonly poke: () => void;
}

const UPSTREAMS = {
  registry: "https://registry.modelcontextprotocol.io",
  smithery: "https://api.smithery.ai",
  smitheryHosted: "https://server.smithery.ai",
  github: "https://api.github.com",
  dockerHub: "https://registry-1.docker.io",
} as const;

/** Servers found, shown, installed and fetched. */
export function openMcpInstall(
  { mcpInstall: settings, dataDir }: Pick<Config, "mcpInstall" | "dataDir">,
  { mcpServers: servers, secrets }: Pick<Store, "mcpServers" | "secrets">,
  { fetch, log: given, poke }: Deps,
): McpInstall {
  const log = given.child({ room: "mcp" });
  const folder = resolve(dataDir, "mcp");
  const createId = () => mcpServerId(randomUUID());
  const docker = createDocker({
    path: PROGRAM_PATH,
    dockerHost: settings.dockerHost,
    dataDir: resolve(dataDir),
    monotonicMs: systemClock.elapsedMs,
    createId: randomUUID,
  });
  const programs = createPrograms({
    registry: settings.npmRegistry,
    path: PROGRAM_PATH,
    networkEnv: settings.networkEnv,
    gitBase: "https://github.com",
    gitSettings: [],
    docker,
    folder,
    program: thisProgram(),
    nodeImage: settings.nodeImage,
    createId: randomUUID,
    now: systemClock.now,
  });
  const files = createServerFiles(
    { servers, secrets, programs, createId, log, poke },
    { folder: settings.filesDir, variables: settings.fileVariables },
  );
  const presets = { servers, secrets, presets: PRESETS, variables: settings.presetVariables };
  const installer = createInstaller({
    ...presets,
    programs,
    fetch,
    now: systemClock.now,
    upstreams: { ...UPSTREAMS, npm: settings.npmRegistry },
    smitheryKey: settings.smitheryKey,
    githubToken: settings.githubToken,
    program: thisProgram(),
    hasDocker: docker.isThere,
    nodeImage: settings.nodeImage,
    createId,
    poke,
    refresh: files.refresh,
    adminsRunPrograms: settings.adminsRunPrograms,
  });
  return {
    programs,
    installer,
    service: {
      name: "mcp-files",
      async run(signal) {
        try {
          if ((await keepPresets(presets)) > 0) poke();
        } catch (error) {
          log.warn({ error: asError(error) }, "mcp-presets-not-kept");
        }
        await files.service.run(signal);
      },
    },
    [Symbol.asyncDispose]: () => programs[Symbol.asyncDispose](),
  };
}

/** How `clara` is called, with the Node.js that we run on: what ships with her is started so. */
function thisProgram(): readonly string[] {
  const cli = new URL("../cli/main.ts", import.meta.url).pathname;
  return [process.execPath, isAbsolute(cli) ? cli : resolve(cli)];
}

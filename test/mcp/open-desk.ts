import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { mcpServerId } from "../../src/core/ids.ts";
import type { McpDesk } from "../../src/core/mcp-desk.ts";
import { createDocker } from "../../src/mcp/install/docker.ts";
import { createInstaller } from "../../src/mcp/install/installer.ts";
import { PRESETS } from "../../src/mcp/install/presets.ts";
import { createPrograms } from "../../src/mcp/install/programs.ts";
import { PROGRAM_PATH } from "../../src/mcp/program-of.ts";
import { openSources } from "../emulators/mcp-sources/index.ts";
import { openEmbeddedStore, type TestStore } from "../open-test-store.ts";
import { openPlugIns, type PlugIns } from "./open-plug-ins.ts";

/** This very program, for what ships with it. */
const PROGRAM = [process.execPath, join(process.cwd(), "src/cli/main.ts")];

export interface OpenDesk extends PlugIns {
  readonly desk: McpDesk;
  readonly sources: Awaited<ReturnType<typeof openSources>>;
}

/** Servers installed from registries on this machine and run for real, as commands and tools have them. */
export async function openDesk(
  variables: Readonly<Record<string, string>> = {},
  given: TestStore | null = null,
  options: Parameters<typeof openPlugIns>[1] = {},
): Promise<OpenDesk> {
  const store = given ?? (await openEmbeddedStore());
  const sources = await openSources();
  onTestFinished(() => sources[Symbol.asyncDispose]());
  const createId = () => mcpServerId(randomUUID());
  const docker = createDocker({
    path: "",
    dockerHost: null,
    dataDir: "/",
    monotonicMs: () => 0,
    createId: randomUUID,
  });
  let folder = "";
  const programs = (at: string) =>
    createPrograms({
      registry: sources.upstreams.npm,
      path: PROGRAM_PATH,
      networkEnv: {},
      gitBase: "https://github.com",
      gitSettings: [],
      docker,
      folder: join(at, "mcp"),
      program: PROGRAM,
      nodeImage: "node:24-slim",
      createId: randomUUID,
      now: systemClock.now,
    });
  const plugIns = await openPlugIns(
    { programs: { ensure: (...wanted) => programs(folder).ensure(...wanted) } },
    options,
    store,
  );
  ({ folder } = plugIns);
  const own = programs(folder);
  onTestFinished(() => own[Symbol.asyncDispose]());
  const installer = createInstaller({
    adminsRunPrograms: true,
    fetch: sources.fetch,
    now: systemClock.now,
    upstreams: sources.upstreams,
    smitheryKey: null,
    githubToken: null,
    program: PROGRAM,
    hasDocker: docker.isThere,
    nodeImage: "node:24-slim",
    presets: PRESETS,
    variables,
    servers: store.mcpServers,
    secrets: store.secrets,
    programs: own,
    createId,
    poke: plugIns.mcp.control.poke,
    refresh: async () => "Read.",
  });
  const { control, review, prompts } = plugIns.mcp;
  return {
    ...plugIns,
    sources,
    desk: { servers: store.mcpServers, installer, control, review, prompts, signIn: null },
  };
}

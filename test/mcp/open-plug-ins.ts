import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { conversationId, userId, type McpServerId } from "../../src/core/ids.ts";
import { silentLog } from "../../src/core/log.ts";
import type { McpServer, McpState, NewMcpServer } from "../../src/core/mcp.ts";
import { mcpSecretName } from "../../src/core/mcp.ts";
import { aloneScope, type Scope } from "../../src/core/principal.ts";
import type { Tool, ToolOutput } from "../../src/core/tool.ts";
import type { OfferedTools } from "../../src/core/tool-source.ts";
import { openMcp, type Mcp, type McpDeps, type McpOptions } from "../../src/mcp/index.ts";
import { openEmbeddedStore, type TestStore } from "../open-test-store.ts";

const PERSON = userId("discord:100000000000000001");
const ALONE: Scope = aloneScope("discord", PERSON);

export interface PlugIns {
  readonly mcp: Mcp;
  readonly store: TestStore;
  readonly folder: string;
  /** Adds a server of the operator's and waits until it is in `state`. */
  readonly add: (server: NewMcpServer, state?: McpState) => Promise<McpServer>;
  /** The same, with all its tools agreed to. */
  readonly addApproved: (server: NewMcpServer) => Promise<McpServer>;
  readonly until: (id: McpServerId, state: McpState) => Promise<McpServer>;
  readonly offered: (scope?: Scope) => OfferedTools;
  /** Calls a tool as a turn does, by its offered name. */
  readonly call: (
    name: string,
    input?: Readonly<Record<string, unknown>>,
    more?: CallMore,
  ) => Promise<ToolOutput>;
  readonly stop: () => Promise<void>;
}

export interface CallMore {
  readonly scope?: Scope;
  readonly signal?: AbortSignal;
  readonly progress?: (label: string) => void;
}

/** As fast as a test wants it; what a busy machine needs time for has time. */
const QUICK = {
  startMs: 20_000,
  probeMs: 500,
  firstRetryMs: 3_000,
  maxRetryMs: 3_000,
  memoryEveryMs: 100,
  healthEveryMs: 700,
  healthMs: 300,
  relistEveryMs: 500,
} as const;

/** The room on a real store, with real processes; ended with the test. */
export async function openPlugIns(
  change: Partial<McpDeps> = {},
  options: Partial<McpOptions> = {},
  given: TestStore | null = null,
): Promise<PlugIns> {
  const store = given ?? (await openEmbeddedStore());
  const folder = await mkdtemp(join(tmpdir(), "clara-mcp-"));
  const mcp = await openMcp(
    {
      servers: store.mcpServers,
      tools: store.mcpTools,
      secrets: store.secrets,
      fetchFor: () => fetch,
      authFor: () => undefined,
      questions: null,
      programs: null,
      cleanText: (text) => text,
      clock: systemClock,
      log: silentLog,
      ...change,
    },
    {
      folder,
      maxMemoryBytes: 1024 * 1024 * 1024,
      idleMs: 60_000,
      version: "1.2.3",
      ...options,
      paces: { ...QUICK, ...options.paces },
    },
  );
  const stopping = new AbortController();
  const running = mcp.service.run(stopping.signal);
  const stop = async () => {
    stopping.abort();
    await running;
  };
  onTestFinished(async () => {
    await stop();
    await mcp[Symbol.asyncDispose]();
    if (!given) await store[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  async function until(id: McpServerId, state: McpState): Promise<McpServer> {
    const found = async () => store.mcpServers.byId(id);
    await expect.poll(async () => (await found())?.status.state, { timeout: 15_000 }).toBe(state);
    return (await found()) ?? expect.unreachable();
  }

  async function add(server: NewMcpServer, state: McpState = "ready"): Promise<McpServer> {
    expect(await store.mcpServers.add(server)).toBe(true);
    mcp.control.poke();
    return until(server.id, state);
  }

  const offered = (scope = ALONE) => mcp.source.toolsFor(scope);
  return {
    mcp,
    store,
    folder,
    add,
    until,
    offered,
    stop,
    async addApproved(server) {
      const added = await add(server);
      await mcp.review.approveAll(added.id, PERSON);
      await expect.poll(() => offered().tools.length).toBeGreaterThan(0);
      return added;
    },
    call(name, input = {}, { scope = ALONE, signal = AbortSignal.timeout(20_000), progress } = {}) {
      const tool = offered(scope).tools.find((each) => each.name === name);
      if (!tool) return expect.unreachable(`no tool ${name}`);
      return run(tool, input, { scope, signal, progress });
    },
  };
}

const run = (
  tool: Tool,
  input: Readonly<Record<string, unknown>>,
  {
    scope,
    signal,
    progress,
  }: Required<Pick<CallMore, "scope" | "signal">> & { readonly progress: CallMore["progress"] },
): Promise<ToolOutput> =>
  tool.run(tool.input.parse(input), {
    scope,
    conversationId: conversationId("discord:dm:1"),
    signal,
    ...(progress && { progress }),
  });

export const keepSecret = (
  { secrets }: Pick<TestStore, "secrets">,
  { id, owner }: Pick<NewMcpServer, "id" | "owner">,
  name: string,
  value: string,
): Promise<void> => secrets.put(owner, mcpSecretName(id, name), value);

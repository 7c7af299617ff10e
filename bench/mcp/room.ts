import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../src/core/clock.ts";
import { noFault } from "../../src/core/fault.ts";
import { conversationId, userId } from "../../src/core/ids.ts";
import { silentLog } from "../../src/core/log.ts";
import type { NewMcpServer } from "../../src/core/mcp.ts";
import { aloneScope } from "../../src/core/principal.ts";
import { openMcp, type Mcp } from "../../src/mcp/index.ts";
import { createNet } from "../../src/net/index.ts";
import { openStore } from "../../src/store/index.ts";

const WAIT_MS = 20;
const PERSON = userId("discord:1");

export interface Room extends AsyncDisposable {
  readonly mcp: Mcp;
  /** Adds a server, agrees to its tools, and gives a way to call one of them as a turn does. */
  readonly callerOf: (server: NewMcpServer, tool: string) => Promise<() => Promise<unknown>>;
}

/** The room as it is wired, on an embedded store of its own. */
export async function openRoom(): Promise<Room> {
  await using opening = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "clara-bench-mcp-"));
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  const store = opening.use(
    await openStore(
      { log: silentLog, fault: noFault, random: Math.random, createId: randomUUID, keys: [] },
      { kind: "embedded", dataDir: folder },
    ),
  );
  const net = createNet(
    { clock: systemClock, createSecret: randomUUID },
    { fetchAllow: ["127.0.0.1"] },
  );
  const out = opening.use(net.streamFrom([]));
  const mcp = opening.use(
    await openMcp(
      {
        servers: store.mcpServers,
        tools: store.mcpTools,
        secrets: store.secrets,
        fetchFor: () => out.fetch,
        authFor: () => undefined,
        questions: null,
        programs: null,
        cleanText: (text) => text,
        clock: systemClock,
        log: silentLog,
      },
      { folder: join(folder, "mcp"), maxMemoryBytes: 1024 ** 3, idleMs: 600_000, version: "1.0.0" },
    ),
  );
  const stopping = new AbortController();
  const running = mcp.service.run(stopping.signal);
  opening.defer(async () => {
    stopping.abort();
    await running;
  });
  const scope = aloneScope("discord", PERSON);
  const all = opening.move();
  return {
    mcp,
    async callerOf(server, name) {
      await store.mcpServers.add(server);
      mcp.control.poke();
      while ((await mcp.review.tools(server.id)).length === 0) await sleep(WAIT_MS);
      await mcp.review.approveAll(server.id, PERSON);
      const find = () =>
        mcp.source.toolsFor(scope).tools.find((each) => each.name === `${server.name}__${name}`);
      while (!find()) await sleep(WAIT_MS);
      const context = {
        scope,
        conversationId: conversationId("discord:dm:1"),
        progress: () => {},
      };
      return async () => {
        const tool = find();
        if (!tool) throw new Error("The tool is gone.");
        return await tool.run(tool.input.parse({ text: "hello" }), {
          ...context,
          signal: new AbortController().signal,
        });
      };
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

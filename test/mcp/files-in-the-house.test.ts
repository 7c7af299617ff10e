import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import { silentLog } from "../../src/core/log.ts";
import { runTogether } from "../../src/lib/run-together.ts";
import { createLogTap } from "../../src/telemetry/log-tap.ts";
import { usedFolder } from "../data-folder.ts";
import { newDm } from "../talk.ts";
import { TINY_SERVER } from "./tiny-server.ts";

test("a file in MCP_SERVERS_DIR is a server that runs in the whole house, and goes when the file goes", async () => {
  await using folder = await usedFolder();
  const servers = join(folder.dataDir, "servers");
  const program = join(folder.dataDir, "tiny.cjs");
  await mkdir(join(servers, "local", "tiny"), { recursive: true });
  await writeFile(program, TINY_SERVER);
  const file = join(servers, "local", "tiny", "config.json");
  const env = {
    CLARA_DATA_DIR: folder.dataDir,
    MCP_SERVERS_DIR: servers,
    MCP_FILE_VARIABLES: "OF_MINE",
    OF_MINE: "s3cret-of-mine",
    DISCORD_MONITOR_ENABLED: "off",
  };
  await writeFile(
    file,
    JSON.stringify({
      name: "tiny",
      command: "node",
      args: [program],
      env: { TINY_KEY: "${OF_MINE}" },
    }),
  );
  const config = loadConfig(env);
  await using app = await createApp(config, {
    log: silentLog,
    tap: createLogTap(),
    secrets: () => [],
    mode: "start",
    input: new PassThrough(),
    output: new PassThrough(),
    configure: (entered) => loadConfig({ ...entered, ...env }),
  });
  const list = app.tools.find(({ name }) => name === "mcp_list");
  assert(list);
  const dm = newDm("ana");
  const listed = async () => {
    const context = {
      scope: dm.scope("ana"),
      conversationId: dm.conversation.id,
      signal: new AbortController().signal,
    };
    return (await list.run({}, context)).text;
  };
  const stopping = new AbortController();
  const running = runTogether(app.services, stopping.signal);

  await expect.poll(listed, { timeout: 40_000 }).toBe("tiny (for everybody): ready");
  await rm(file);
  await expect.poll(listed, { timeout: 40_000 }).toBe("No MCP servers are installed here.");

  // What a variable of the operator's holds is a secret like his others.
  expect(config.secrets).toContain("s3cret-of-mine");
  stopping.abort();
  await running;
});

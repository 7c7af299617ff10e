import assert from "node:assert/strict";
import { expect, onTestFinished, test } from "vitest";
import { startFakeDiscord, type Message } from "../fake-discord/index.ts";
import { commandsAreThere, goOnline } from "../open-discord.ts";
import { openDesk } from "./open-desk.ts";
import { TINY_SERVER } from "./tiny-server.ts";

test("in Discord: found, looked at, keys in a form, its tools agreed to, and taken away again", async () => {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord[Symbol.asyncDispose]());
  const plugIns = await openDesk();
  const { desk, sources, offered, until, store } = plugIns;
  await sources.npm.publish({
    manifest: {
      name: "tiny-mcp",
      version: "1.0.0",
      bin: "index.js",
      description: "[click](https://evil.example.com) @everyone",
    },
    files: { "index.js": TINY_SERVER },
  });
  await goOnline(discord, {}, store, { mcp: desk });
  await commandsAreThere(discord);
  const operator = discord.guild.member("owner-of-home");

  const refused = await discord.ana.runs("/mcp install source:tiny-mcp");
  expect((await refused.response()).content).toContain("Only people who may manage this server");
  const asked = await operator.runs("/mcp install source:tiny-mcp");
  const card = await asked.response();
  expect(asked.isEphemeral).toBe(true);
  expect(card.content).toContain("node node_modules/tiny-mcp/index.js");
  expect(card.content).not.toContain("[click](https://evil.example.com)");
  expect(card.content).not.toContain("@everyone");

  const form = await operator.clicks(card, "Enter keys and install");
  await operator.submits(form, { more: "TINY_KEY=s3cret" });
  await expect
    .poll(async () => (await desk.servers.changed(null))?.servers.length, { timeout: 20_000 })
    .toBe(1);
  const [row] = (await desk.servers.changed(null))?.servers ?? [];
  assert(row);
  await until(row.id, "ready");
  const tools = await latest(operator.runs("/mcp tools server:tiny"));
  expect(tools.content).toMatch(/🆕 \*\*env\*\*[^]*🆕 \*\*say\*\*/);
  await operator.clicks(tools, "Agree to all 2");
  await expect
    .poll(() => offered().tools.map(({ name }) => name))
    .toEqual(["tiny__env", "tiny__say"]);

  const question = await latest(operator.runs("/mcp uninstall server:tiny"));
  await operator.clicks(question, "Take it away");
  await expect.poll(() => offered().tools).toEqual([]);
  expect(JSON.stringify(discord.journal.rest({}))).not.toContain("s3cret");
});

const latest = async (
  running: ReturnType<Awaited<ReturnType<typeof startFakeDiscord>>["ana"]["runs"]>,
): Promise<Message> => (await running).response();

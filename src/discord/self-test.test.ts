import { REST } from "discord.js";
import { expect, onTestFinished, test } from "vitest";
import { startFakeDiscord } from "../../test/fake-discord/index.ts";
import { systemClock } from "../core/clock.ts";
import { selfTest } from "./self-test.ts";

async function start() {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord[Symbol.asyncDispose]());
  const rest = new REST({ api: discord.apiBase, retries: 0 }).setToken(discord.token);
  const signal = new AbortController().signal;
  return { discord, run: () => selfTest({ rest, clock: systemClock }, discord.general.id, signal) };
}

test("selfTest() sends, edits and deletes a message, and leaves nothing behind", async () => {
  const { discord, run } = await start();

  const words = await run();

  expect(words).toMatch(/sent, edited and deleted a message in \d+ ms/);
  expect(discord.general.fromBot()).toEqual([]);
  expect(discord.journal.rest({ method: "PATCH" })).toHaveLength(1);
});

test("selfTest() names what it could not do", async () => {
  const { discord, run } = await start();
  discord.general.deny(discord.bot, "SendMessages");

  expect(await run()).toMatch(/could not send a message \(Discord: 403\)/);
});

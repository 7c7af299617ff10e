import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import {
  type FakeDiscord,
  type FakeDiscordOptions,
  startFakeDiscord,
} from "../../test/fake-discord/index.ts";
import { goOnline, openDiscord } from "../../test/open-discord.ts";

async function start(options: FakeDiscordOptions = {}): Promise<FakeDiscord> {
  const discord = await startFakeDiscord(options);
  onTestFinished(() => discord[Symbol.asyncDispose]());
  return discord;
}

test("asks for four intents, or three without the content of messages", async () => {
  const discord = await start();
  const { stop } = await goOnline(discord);
  const [all] = discord.gateway.sessionsNow();
  await stop();

  await goOnline(discord, { messageContent: false });

  expect(all?.intents).toBe(1 + 512 + 4096 + 32_768);
  expect(discord.gateway.sessionsNow().at(-1)?.intents).toBe(1 + 512 + 4096);
});

test("a content intent that is switched off ends the service with what to do", async () => {
  const discord = await start({ messageContentAllowed: false });
  const { ended, clara } = await openDiscord(discord);

  expect(String(await ended)).toMatch(/Message Content intent.*DISCORD_MESSAGE_CONTENT=off/);
  expect(clara.state()).toBe("stopped");
  expect(discord.journal.counts().identifies).toBe(1);
});

test("a wrong token ends the service with what to do, and without the token", async () => {
  const discord = await start();
  const { ended } = await openDiscord(discord, { token: "wrong.token.given" });

  const error = String(await ended);
  expect(error).toMatch(/DISCORD_BOT_TOKEN/);
  expect(error).not.toContain("wrong.token");
});

test.each([
  [4004, /DISCORD_BOT_TOKEN/],
  [4011, /Start Clara again/],
  [4013, /intents/],
])("close code %i ends the service for good", async (code, words) => {
  const discord = await start();
  const { ended } = await goOnline(discord);

  discord.gateway.drop(code);

  expect(String(await ended)).toMatch(words);
  expect(discord.journal.counts()).toMatchObject({ identifies: 1, resumes: 0 });
});

test("a Discord that is away at the start is waited for", async () => {
  const discord = await start();
  discord.faults.add({ kind: "reset-before", match: { path: "/gateway/bot" }, times: 4 });
  const { witness } = await goOnline(discord);

  await discord.ana.says("@Clara hi");
  await witness.until("accept hi (mention) queued");

  expect(discord.journal.counts().identifies).toBe(1);
});

test("a bot in many servers gets as many shards as Discord wants", async () => {
  const discord = await start({ minShards: 2 });
  const { witness } = await goOnline(discord);
  await expect.poll(() => discord.gateway.sessionsNow(), { timeout: 15_000 }).toHaveLength(2);

  await discord.ana.says("@Clara hi");
  await discord.ana.dm("hello");
  await witness.until("accept hi (mention) queued");
  await witness.until("accept hello (dm) queued");

  const shards = discord.gateway.sessionsNow().map(({ shard }) => shard.join(" of "));
  expect(shards.toSorted()).toEqual(["0 of 2", "1 of 2"]);
});

test("told to stop while Discord refuses her first connection, she never comes", async () => {
  const discord = await start();
  discord.gateway.refuse(1_500);
  const { clara, stop } = await openDiscord(discord);
  await discord.until(() => discord.journal.counts().requests > 0, "the attempt");

  expect(await stop()).toBeNull();
  expect(clara.state()).toBe("stopped");
  expect(await comesBack(discord)).toBe(false);
});

test("told to stop while Discord refuses her back, she stays away", async () => {
  const discord = await start();
  const { clara, stop } = await goOnline(discord);
  discord.gateway.refuse(1_500);
  discord.gateway.drop();
  await expect.poll(() => clara.state()).toBe("connecting");

  expect(await stop()).toBeNull();
  expect(await comesBack(discord)).toBe(false);
});

/** Nothing is to happen, and that takes its time: discord.js comes back half a second after the refusals end. */
async function comesBack({ gateway }: FakeDiscord): Promise<boolean> {
  await sleep(3_000);
  return gateway.sessionsNow().some(({ connected }) => connected);
}

test("what was received is stored before the service ends", async () => {
  const discord = await start();
  const { witness, stop, passed, store } = await goOnline(discord);

  await discord.ana.says("last words");
  await discord.until(() => passed.includes("gateway.dispatch.handed"), "the message");
  await stop();

  expect(witness.lines).toEqual(["hear last words"]);
  expect(await store.query("select reason from gate_decisions")).toEqual([
    { reason: "not-addressed" },
  ]);
});

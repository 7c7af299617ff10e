import type { GuildTextBasedChannel } from "discord.js";
import { expect, test } from "vitest";

import { channelOf, connect } from "./connect.ts";
import { REQUESTS, startFakeDiscord } from "./index.ts";

const { sends } = REQUESTS;
const once = (channel: GuildTextBasedChannel) =>
  channel.send({ content: "exactly one", nonce: "the-same", enforceNonce: true });

test("a 502 after the message was made: the retry finds it by its nonce", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const fault = discord.faults.add({ kind: "status-after-commit", match: sends, times: 2 });

  await once(channelOf(bot.client, discord.general));

  expect(discord.general.fromBot()).toHaveLength(1);
  expect(discord.journal.rest(sent).map(({ status }) => status)).toEqual([502, 502, 200]);
  expect(fault.hits).toBe(2);
});

test("without a nonce the same 502 makes the message twice", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  discord.faults.add({ kind: "status-after-commit", match: sends });

  await channelOf(bot.client, discord.general).send("twice");

  expect(discord.general.fromBot()).toHaveLength(2);
});

test("a 500 before the work leaves nothing behind", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord, { rest: { retries: 0 } });
  discord.faults.add({ kind: "status-before", status: 503, match: sends });
  const channel = channelOf(bot.client, discord.general);

  await expect(channel.send("not now")).rejects.toMatchObject({ status: 503 });

  expect(discord.general.fromBot()).toEqual([]);
});

test.each([
  ["before", 1],
  ["after-commit", 1],
] as const)("a connection reset %s the work still ends in one message", async (when, count) => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  discord.faults.add({ kind: `reset-${when}`, match: sends });

  await once(channelOf(bot.client, discord.general));

  expect(discord.general.fromBot()).toHaveLength(count);
  expect(discord.journal.rest(sent).map(({ status }) => status)).toEqual(["reset", 200]);
});

test("a slow answer comes, later", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  discord.faults.add({ kind: "slow", ms: 80, match: sends });
  const before = performance.now();

  await channelOf(bot.client, discord.general).send("at last");

  expect(performance.now() - before).toBeGreaterThan(75);
});

test("silence ends when the client loses its patience, and the retry makes the message", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord, { rest: { timeout: 60 } });
  discord.faults.add({ kind: "hang", match: sends });

  await once(channelOf(bot.client, discord.general));

  expect(discord.journal.rest(sent).map(({ status }) => status)).toEqual(["silence", 200]);
  expect(discord.general.fromBot()).toHaveLength(1);
});

// By fetch, because discord.js stops its clock at the headers and would wait for ever.
test("half an answer never ends, though the work is done", async () => {
  await using discord = await startFakeDiscord();
  discord.faults.add({ kind: "half-open", match: sends });

  const answer = await fetch(`${discord.apiBase}/v10/channels/${discord.general.id}/messages`, {
    method: "POST",
    headers: { authorization: `Bot ${discord.token}`, "content-type": "application/json" },
    body: JSON.stringify({ content: "half" }),
    signal: AbortSignal.timeout(60),
  });

  expect(answer.status).toBe(200);
  await expect(answer.text()).rejects.toMatchObject({ name: "TimeoutError" });
  expect(discord.general.fromBot()).toMatchObject([{ content: "half" }]);
});

test("a fault may speak like Cloudflare: a page instead of JSON", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  discord.faults.add({
    kind: "status-before",
    status: 403,
    body: "<h1>Blocked</h1>",
    match: sends,
  });

  const refused = channelOf(bot.client, discord.general).send("hello");

  await expect(refused).rejects.toMatchObject({ status: 403 });
});

test("a fault with a probability strikes the same requests for the same seed", async () => {
  await using one = await startFakeDiscord({ seed: 7 });
  await using same = await startFakeDiscord({ seed: 7 });
  await using other = await startFakeDiscord({ seed: 8 });

  const struck = (discord: typeof one) => {
    discord.faults.add({ kind: "hang", times: Infinity, probability: 0.5 });
    return Array.from({ length: 32 }, () => discord.faults.strike("GET", "/") !== null);
  };

  const strikes = struck(one);
  expect(struck(same)).toEqual(strikes);
  expect(struck(other)).not.toEqual(strikes);
});

test("faults that are removed or cleared strike no more", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord, { rest: { retries: 0 } });
  const channel = channelOf(bot.client, discord.general);
  const fault = discord.faults.add({ kind: "status-before", times: Infinity, match: sends });
  await expect(channel.send("x")).rejects.toMatchObject({ status: 500 });

  fault.remove();
  await expect(channel.send("y")).resolves.toBeDefined();
  discord.faults.add({ kind: "status-before", times: Infinity });
  discord.faults.clear();

  await expect(channel.send("z")).resolves.toBeDefined();
});

test("two thousand sends with one in five answered 502 after commit make two thousand messages", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord, {
    rest: { globalRequestsPerSecond: 100_000, retries: 20 },
  });
  const channel = channelOf(bot.client, discord.general);
  discord.faults.add({
    kind: "status-after-commit",
    match: sends,
    times: Infinity,
    probability: 0.2,
  });

  const texts = Array.from({ length: 2000 }, (_, index) => `message ${index}`);
  await Promise.all(
    texts.map((text) => channel.send({ content: text, nonce: text, enforceNonce: true })),
  );

  expect(discord.general.fromBot().map(({ content }) => content)).toEqual(texts);
  expect(discord.journal.counts().messageCreates).toBeGreaterThan(2300);
});

const sent = { method: "POST", route: "/channels/:channelId/messages" };

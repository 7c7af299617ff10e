import { once } from "node:events";

import { Events, GatewayIntentBits, GatewayOpcodes as Op } from "discord.js";
import { expect, test } from "vitest";

import { connect, gather, newClient } from "../connect.ts";
import { type FakeDiscord, startFakeDiscord } from "../index.ts";
import { rawSocket } from "./raw-socket.ts";

test("a bot that logs in gets READY and then its servers with their channels", async () => {
  await using discord = await startFakeDiscord();
  discord.server("Elsewhere");

  await using bot = await connect(discord);

  expect(bot.client.user.username).toBe("Clara");
  expect(bot.client.guilds.cache.map(({ name }) => name)).toEqual(["Home", "Elsewhere"]);
  expect(bot.client.channels.cache.get(discord.general.id)).toMatchObject({ name: "general" });
  expect(discord.journal.counts()).toMatchObject({ identifies: 1, resumes: 0 });
});

test("after a drop the bot resumes and gets what it missed, each once and in order", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const heard: string[] = [];
  bot.client.on(Events.MessageCreate, ({ content }) => heard.push(content));

  discord.gateway.drop();
  await discord.ana.says("one");
  await discord.ana.says("two");
  await resumed(discord);
  await discord.ana.says("three");
  await once(bot.client, Events.MessageCreate);

  expect(heard).toEqual(["one", "two", "three"]);
  expect(discord.journal.counts()).toMatchObject({ identifies: 1, resumes: 1 });
});

test("op 7 makes the bot come back and resume, and nothing is lost", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const next = once(bot.client, Events.MessageCreate);

  discord.gateway.reconnect();
  await discord.until(() => discord.gateway.sessionsNow()[0]?.connected === false, "the goodbye");
  await discord.ana.says("while you were away");

  expect(await next).toMatchObject([{ content: "while you were away" }]);
  expect(discord.journal.counts()).toMatchObject({ identifies: 1, resumes: 1 });
});

test("op 9 that may resume resumes on the same socket", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const next = once(bot.client, Events.MessageCreate);

  discord.gateway.invalidSession(true);
  await discord.ana.says("kept for you");

  expect(await next).toMatchObject([{ content: "kept for you" }]);
  expect(discord.journal.counts()).toMatchObject({ identifies: 1, resumes: 1 });
});

test("op 9 that may not resume ends the session, and what is said meanwhile is never heard", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const heard: string[] = [];
  bot.client.on(Events.MessageCreate, ({ content }) => heard.push(content));

  discord.gateway.invalidSession(false);
  await discord.ana.says("lost");
  await discord.botIsOnline();
  await discord.ana.says("heard");
  await once(bot.client, Events.MessageCreate);

  expect(heard).toEqual(["heard"]);
  expect(discord.gateway.sessionsNow()).toHaveLength(1);
  expect(discord.journal.counts()).toMatchObject({ identifies: 2, resumes: 0 });
});

test("a session that was forgotten silently answers RESUME with op 9", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const ready = once(bot.client, Events.ShardReady);

  discord.gateway.forgetSessions();
  discord.gateway.drop();
  await ready;

  expect(discord.journal.counts()).toMatchObject({ identifies: 2, resumes: 1 });
  expect(discord.journal.gateway({ op: Op.InvalidSession })).toHaveLength(1);
});

test("a zombie acknowledges nothing, so the bot leaves it and resumes elsewhere", async () => {
  await using discord = await startFakeDiscord({ heartbeatIntervalMs: 60 });
  await using bot = await connect(discord);
  const next = once(bot.client, Events.MessageCreate);

  discord.gateway.zombie();
  await discord.ana.says("is anybody there?");

  expect(await next).toMatchObject([{ content: "is anybody there?" }]);
  expect(discord.journal.counts()).toMatchObject({ identifies: 1, resumes: 1 });
  expect(discord.journal.closes()).toMatchObject([{ by: "client", code: 4200 }]);
});

test("a gap swallows events for good, also for RESUME", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const heard: string[] = [];
  bot.client.on(Events.MessageCreate, ({ content }) => heard.push(content));

  discord.gateway.gap(1);
  await discord.ana.says("swallowed");
  discord.gateway.drop();
  await resumed(discord);
  await discord.ana.says("after the gap");
  await once(bot.client, Events.MessageCreate);

  expect(heard).toEqual(["after the gap"]);
  expect(discord.gateway.sessionsNow()).toMatchObject([{ seq: 5 }]);
});

test("a replayed event has the sequence number that it had", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const three = gather<{ t: string; s: number }>(bot.client, "raw", 3);

  await discord.ana.says("again");
  discord.gateway.replay();
  await discord.ana.says("and on");

  expect((await three).map(({ t, s }) => `${t} ${s}`)).toEqual([
    "MESSAGE_CREATE 3",
    "MESSAGE_CREATE 3",
    "MESSAGE_CREATE 4",
  ]);
});

test("a wrong token is refused with 4004 on the gateway and 401 over REST", async () => {
  await using discord = await startFakeDiscord();
  const client = newClient(discord);
  await using raw = await rawSocket(discord);

  raw.send(Op.Identify, { token: "wrong", intents: 0, properties: {} });

  expect(await raw.closed).toBe(4004);
  await expect(client.login("wrong")).rejects.toThrow("invalid token");
  expect(discord.journal.rest({ route: "/gateway/bot" })).toMatchObject([{ status: 401 }]);
});

test("an intent that the developer portal forbids closes with 4014, an unknown one with 4013", async () => {
  await using discord = await startFakeDiscord({ messageContentAllowed: false });
  await using forbidden = await rawSocket(discord);
  await using unknown = await rawSocket(discord);
  const { token } = discord;

  forbidden.send(Op.Identify, { token, intents: GatewayIntentBits.MessageContent, properties: {} });
  unknown.send(Op.Identify, { token, intents: 1 << 30, properties: {} });

  expect(await forbidden.closed).toBe(4014);
  expect(await unknown.closed).toBe(4013);
});

test("identifying twice within the interval gets op 9, too often in a day a new token", async () => {
  await using discord = await startFakeDiscord({ identifyIntervalMs: 60_000, maxIdentifies: 2 });
  await using first = await rawSocket(discord);
  await using second = await rawSocket(discord);
  await using third = await rawSocket(discord);
  const hello = { token: discord.token, intents: 0, properties: {} };

  first.send(Op.Identify, hello);
  second.send(Op.Identify, hello);
  await discord.until(() => discord.journal.gateway({ op: Op.InvalidSession }).length > 0, "op 9");
  third.send(Op.Identify, hello);

  expect(await third.closed).toBe(4004);
});

test("what is no JSON, no opcode or too much closes as Discord does", async () => {
  await using discord = await startFakeDiscord();
  await using noJson = await rawSocket(discord);
  await using noOpcode = await rawSocket(discord);
  await using flood = await rawSocket(discord);
  await using early = await rawSocket(discord);

  noJson.socket.send("{");
  noOpcode.send(99, null);
  for (let count = 0; count <= 120; count++) flood.send(Op.Heartbeat, null);
  early.send(Op.PresenceUpdate, {});

  expect(await Promise.all([noJson, noOpcode, flood, early].map(({ closed }) => closed))).toEqual([
    4002, 4001, 4008, 4003,
  ]);
});

test("an event of any name can be sent, and is replayed like a real one", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const two = gather<{ t: string }>(bot.client, "raw", 2);

  discord.gateway.drop();
  discord.gateway.dispatch("SOMETHING_NEW", { author: null });

  expect((await two).map(({ t }) => t)).toEqual(["SOMETHING_NEW", "RESUMED"]);
});

test("garbage from the gateway reaches the bot as it was written", async () => {
  await using discord = await startFakeDiscord();
  await using raw = await rawSocket(discord);

  const next = once(raw.socket, "message");
  discord.gateway.sendRaw("{ this is not JSON");

  expect(String((await next)[0])).toBe("{ this is not JSON");
});

test("a connection that is refused is hung up on, and hello may come late", async () => {
  await using discord = await startFakeDiscord();
  discord.gateway.refuse(60_000);

  await expect(rawSocket(discord)).rejects.toThrow("socket hang up");

  discord.gateway.refuse(0);
  discord.gateway.delayHello(30);
  const before = performance.now();
  await using _raw = await rawSocket(discord);
  expect(performance.now() - before).toBeGreaterThan(25);
});

async function resumed(discord: FakeDiscord): Promise<void> {
  await discord.until(() => discord.journal.gateway({ t: "RESUMED" }).length > 0, "RESUMED");
}

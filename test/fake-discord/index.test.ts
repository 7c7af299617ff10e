import { expect, test } from "vitest";
import { WebSocket } from "ws";

import { channelOf, connect } from "./connect.ts";
import { rawSocket } from "./gateway/raw-socket.ts";
import { startFakeDiscord } from "./index.ts";
import { Journal } from "./journal.ts";

test("a server has #general, people, and whatever it is asked for", async () => {
  await using discord = await startFakeDiscord({ botName: "Ada" });

  expect(discord.person("ana")).toBe(discord.ana);
  expect(discord.guild.channel("general")).toBe(discord.general);
  expect(discord.otherBot("Echo").user).toMatchObject({ username: "Echo", bot: true });
  expect(await discord.ana.says("hello @ada, @ben and #general")).toMatchObject({
    content: `hello <@${discord.bot.id}>, <@${discord.ben.id}> and <#${discord.general.id}>`,
  });
});

test("reply() waits until the answer no longer changes, and until what one asks for", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const question = await discord.ana.says("@Clara, how long?");
  const stop = { type: 1, components: [{ type: 2, style: 4, label: "Stop", custom_id: "stop" }] };

  const channel = channelOf(bot.client, discord.general);
  const sent = await channel.send({
    content: "a",
    components: [stop],
    reply: { messageReference: question.id },
  });
  const whole = discord.general
    .reply(question, { stableMs: 20, until: ({ buttons }) => buttons.length === 0 })
    .then(({ content }) => content);
  const half = await discord.general.reply(question, { stableMs: 20 });
  expect(half).toMatchObject({ content: "a", edits: 0, replyTo: question.id });
  await sent.edit({ content: "a while" });
  await sent.edit({ content: "a while.", components: [] });

  expect(await whole).toBe("a while.");
});

test("waitFor() gives the first message that fits, there or to come", async () => {
  await using discord = await startFakeDiscord();
  const isHello = ({ content }: { content: string }) => content.startsWith("hello");
  const first = discord.general.waitFor(isHello);

  await discord.ana.says("good day");
  await discord.ana.says("hello one");
  await discord.ana.says("hello two");

  expect(await first).toMatchObject({ content: "hello one" });
  expect(await discord.general.waitFor(isHello)).toMatchObject({ content: "hello one" });
});

test("what never comes is said in the error, with what was there instead", async () => {
  await using discord = await startFakeDiscord();
  const question = await discord.ana.says("hello?");

  const answer = discord.general.reply(question, { timeoutMs: 30 });

  await expect(answer).rejects.toThrow(/no finished reply to "hello\?" in #general.*ana: hello\?/s);
});

test("two thousand messages in 200 channels all reach one session", async () => {
  await using discord = await startFakeDiscord();
  const channels = Array.from({ length: 200 }, (_, index) => discord.guild.channel(`c${index}`));
  await using raw = await rawSocket(discord);
  let heard = 0;
  raw.socket.on("message", (frame: Buffer) => {
    if (frame.includes('"t":"MESSAGE_CREATE"')) heard += 1;
  });
  raw.send(2, { token: discord.token, intents: 1 | 512 | 32_768, properties: {} });
  await discord.botIsOnline();

  for (const channel of Array.from({ length: 10 }, () => channels).flat())
    await discord.ana.says("@Clara, a message as people write them", { in: channel });
  while (heard < 2000) await new Promise((resolve) => raw.socket.once("message", resolve));

  expect(heard).toBe(2000);
});

test("the journal keeps the newest entries, and no more than twice its bound", () => {
  const journal = new Journal(
    () => 0,
    () => {},
  );

  for (let s = 0; s < 250_000; s++)
    journal.addFrame({ direction: "out", op: 0, t: "X", s, sessionId: null });

  expect(journal.entries.length).toBeLessThan(100_000);
  expect(journal.entries.at(-1)).toMatchObject({ s: 249_999 });
});

test("once it is disposed its port is free and its sockets are closed", async () => {
  const discord = await startFakeDiscord();
  const raw = await rawSocket(discord);

  await discord[Symbol.asyncDispose]();

  expect(await raw.closed).toBe(1006);
  expect(raw.socket.readyState).toBe(WebSocket.CLOSED);
  await expect(fetch(`${discord.apiBase}/v10/gateway`)).rejects.toThrow("fetch failed");
  await using again = await startFakeDiscord({ port: discord.port });
  expect(again.port).toBe(discord.port);
});

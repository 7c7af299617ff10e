import { MessageFlags } from "discord.js";
import { expect, test } from "vitest";

import { channelOf, connect, gather } from "../connect.ts";
import { startFakeDiscord } from "../index.ts";

test("what the bot sends, edits and deletes is what people see", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const question = await discord.ana.says("@Clara, are you there?");

  const channel = channelOf(bot.client, discord.general);
  const sent = await channel.send({ content: "ye", reply: { messageReference: question.id } });
  const [seen] = discord.general.fromBot();
  await sent.edit("yes");

  expect(seen).toMatchObject({ content: "yes", replyTo: question.id, edits: 1, isDeleted: false });
  expect(seen?.versions.map(({ content }) => content)).toEqual(["ye", "yes"]);
  expect(seen?.pings.users).toEqual([discord.ana.id]);

  await sent.delete();

  expect(seen?.isDeleted).toBe(true);
  expect(discord.general.messages()).toEqual([question]);
});

test("what people do to their messages reaches the bot as events", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const events = gather<{ t: string }>(bot.client, "raw", 4);

  const message = await discord.ana.says("helo");
  await discord.ana.edits(message, "hello");
  discord.general.showsPreview(message, "a page");
  await discord.ana.deletes(message);

  expect(await events).toMatchObject([
    { t: "MESSAGE_CREATE", d: { content: "helo", edited_timestamp: null } },
    { t: "MESSAGE_UPDATE", d: { content: "hello", edited_timestamp: expect.any(String) } },
    { t: "MESSAGE_UPDATE", d: { content: "hello", embeds: [{ title: "a page" }] } },
    { t: "MESSAGE_DELETE", d: { id: message.id, guild_id: discord.guild.id } },
  ]);
});

test("nobody edits or deletes what is not theirs", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const message = await discord.ana.says("mine");

  const channel = channelOf(bot.client, discord.general);

  await expect(channel.messages.edit(message.id, "yours")).rejects.toMatchObject({ code: 50_005 });
  await expect(channel.messages.delete(message.id)).rejects.toMatchObject({ code: 50_013 });
  await expect(discord.ben.edits(message, "his")).rejects.toMatchObject({ code: 50_005 });
  expect(message.content).toBe("mine");
});

test("history pages before, after and around a message, newest first", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const all = await Promise.all(
    Array.from({ length: 9 }, (_, index) => discord.ana.says(String(index))),
  );
  const { messages } = channelOf(bot.client, discord.general);
  const middle = all[4]!.id;

  const page = async (query: object) => {
    const found = await messages.fetch({ limit: 3, cache: false, ...query });
    return found.map(({ content }) => content).join("");
  };

  expect(await page({})).toBe("876");
  expect(await page({ before: middle })).toBe("321");
  expect(await page({ after: middle })).toBe("765");
  expect(await page({ around: middle })).toBe("543");
  await expect(page({ limit: 101 })).rejects.toMatchObject({ code: 50_035 });
});

test("search finds words in every channel that the bot may read, newest first", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const secret = discord.guild.channel("secret");
  secret.deny(discord.bot, "ViewChannel");
  await discord.ana.says("the cat sat");
  await discord.ben.says("a cat ran");
  await discord.ben.says("a cat hid", { in: secret });
  await discord.ben.says("a dog barked");

  const query = new URLSearchParams({ content: "CAT" });
  const found = await bot.client.rest.get(`/guilds/${discord.guild.id}/messages/search`, { query });

  expect(found).toMatchObject({
    total_results: 2,
    messages: [[{ content: "a cat ran" }], [{ content: "the cat sat" }]],
  });
});

test("many messages go at once with one event, unless they are too old", async () => {
  await using discord = await startFakeDiscord();
  discord.guild.setRoles(discord.bot, [
    discord.guild.role("Moderator", { permissions: ["ManageMessages"] }),
  ]);
  await using bot = await connect(discord);
  const messages = await Promise.all(["a", "b", "c"].map((text) => discord.ana.says(text)));
  const events = gather<{ t: string }>(bot.client, "raw", 4);
  const { rest } = bot.client;
  const route = `/channels/${discord.general.id}/messages/bulk-delete` as const;

  await rest.post(route, { body: { messages: messages.slice(0, 2).map(({ id }) => id) } });

  expect((await events).at(-1)).toMatchObject({ t: "MESSAGE_DELETE_BULK" });
  expect(discord.general.messages()).toEqual([messages[2]]);
  const old = { messages: ["100000000000000001", "100000000000000002"] };
  await expect(rest.post(route, { body: old })).rejects.toMatchObject({ code: 50_034 });
});

test("a repeated nonce gives the first message again, until Discord forgets it", async () => {
  let now = Date.now();
  await using discord = await startFakeDiscord({ now: () => now, nonceWindowMs: 300_000 });
  await using bot = await connect(discord);
  const channel = channelOf(bot.client, discord.general);
  const send = (content: string) =>
    channel.send({ content, nonce: "once-and-only-once", enforceNonce: true });

  const first = await send("first");
  now += 299_000;
  const again = await send("second");
  now += 2000;
  const later = await send("third");

  expect(again).toMatchObject({ id: first.id, content: "first" });
  expect(later.id).not.toBe(first.id);
  expect(discord.general.fromBot().map(({ content }) => content)).toEqual(["first", "third"]);
});

test("without enforce_nonce the same nonce makes a second message", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const channel = channelOf(bot.client, discord.general);

  await channel.send({ content: "first", nonce: "n" });
  await channel.send({ content: "second", nonce: "n" });

  expect(discord.general.fromBot()).toHaveLength(2);
});

test("what Discord refuses is refused with its codes", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const channel = channelOf(bot.client, discord.general);
  const button = { type: 2, style: 1, label: "ok", custom_id: "same" } as const;
  const refused = async (message: Parameters<typeof channel.send>[0]) => {
    const error = await channel.send(message).then(
      () => ({ code: "sent" }),
      (reason: { code: number }) => reason,
    );
    return error.code;
  };

  expect(await refused("x".repeat(2001))).toBe(50_035);
  expect(await refused("🙂".repeat(2000))).toBe("sent");
  expect(await refused(" \n ")).toBe(50_006);
  expect(await refused({ content: "x", nonce: "n".repeat(26) })).toBe(50_035);
  expect(await refused({ embeds: [{ description: "x".repeat(4097) }] })).toBe(50_035);
  expect(await refused({ embeds: Array.from({ length: 11 }, () => ({ title: "x" })) })).toBe(
    50_035,
  );
  expect(await refused({ components: [{ type: 1, components: [button, button] }] })).toBe(50_035);
  expect(await refused({ components: [{ type: 1, components: [] }] })).toBe(50_035);
  expect(
    await refused({
      content: "beside",
      components: [{ type: 10, content: "text" }],
      flags: MessageFlags.IsComponentsV2,
    }),
  ).toBe(50_035);
  expect(await refused({ content: "x", reply: { messageReference: "100000000000000000" } })).toBe(
    50_035,
  );
  expect(
    await refused({
      content: "x",
      reply: { messageReference: "100000000000000000", failIfNotExists: false },
    }),
  ).toBe("sent");
});

test("people may write longer messages than bots", async () => {
  await using discord = await startFakeDiscord();

  await expect(discord.ana.says("x".repeat(4000))).resolves.toMatchObject({ edits: 0 });
  await expect(discord.ana.says("x".repeat(4001))).rejects.toMatchObject({ code: 50_035 });
});

test("allowed_mentions decides whom a message pings, and an edit pings nobody", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const channel = channelOf(bot.client, discord.general);
  const content = `<@${discord.ana.id}> and <@${discord.ben.id}>`;

  await channel.send({ content, allowedMentions: { parse: [] } });
  await channel.send({ content, allowedMentions: { users: [discord.ben.id] } });
  await channel.send(content);
  await channel.send(`\`${content}\``);
  const edited = await channel.send("nobody");
  await edited.edit(content);

  expect(discord.general.fromBot().map(({ pings }) => pings.users)).toEqual([
    [],
    [discord.ben.id],
    [discord.ana.id, discord.ben.id],
    [],
    [],
  ]);
});

test("a link is noted as fetched for a preview, one in angle brackets or code is not", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);

  await channelOf(bot.client, discord.general).send(
    "see https://a.example/x?y=1 not <https://b.example> nor `https://c.example`",
  );

  expect(discord.unfurled.map(({ url }) => url)).toEqual(["https://a.example/x?y=1"]);
});

test("a webhook's message has its id and no member", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const event = gather<{ d: object }>(bot.client, "raw", 1);

  const message = discord.general.webhookSays("GitHub", "pushed");

  const [{ d } = { d: {} }] = await event;
  expect(d).toMatchObject({ webhook_id: message.webhookId, author: { username: "GitHub" } });
  expect(d).not.toHaveProperty("member");
});

import { GatewayIntentBits as I, PermissionFlagsBits as P } from "discord.js";
import { expect, test } from "vitest";

import { USUAL_INTENTS, channelOf, connect, gather } from "../connect.ts";
import { startFakeDiscord } from "../index.ts";

interface Raw {
  readonly t: string;
  readonly d: object;
}

test("a DM reaches the bot, and its answer reaches the person alone", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const events = gather<Raw>(bot.client, "raw", 1);

  const message = await discord.ana.dm("in confidence");
  const user = await bot.client.users.fetch(discord.ana.id);
  await user.send("I keep it");

  expect(await events).toMatchObject([{ t: "MESSAGE_CREATE", d: { content: "in confidence" } }]);
  expect((await events)[0]!.d).not.toHaveProperty("guild_id");
  expect(await discord.ana.dmPlace().reply(message)).toMatchObject({ content: "I keep it" });
  expect(discord.general.messages()).toEqual([]);
});

test("who closes their DMs is told nothing: 50007", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  discord.ana.closesDms();

  const user = await bot.client.users.fetch(discord.ana.id);

  await expect(user.send("hello?")).rejects.toMatchObject({ code: 50_007 });
});

test("permissions come from @everyone, roles, and the channel's overwrites, in that order", async () => {
  await using discord = await startFakeDiscord();
  const { guild, general, ana, ben } = discord;
  const speaker = guild.role("Speaker");
  guild.setRoles(ana, [speaker]);
  general.deny(guild.everyone, "SendMessages");
  general.allow(speaker, "SendMessages");
  guild.setRoles(ben, [speaker]);
  general.deny(ben, "SendMessages");

  await expect(ana.says("allowed by a role")).resolves.toBeDefined();
  await expect(ben.says("denied as a person")).rejects.toMatchObject({ code: 50_013 });
});

test("discord.js computes the same permissions as the fake from the bits that it is sent", async () => {
  await using discord = await startFakeDiscord();
  const { guild, general } = discord;
  const helper = guild.role("Helper", { permissions: ["ManageThreads", "PinMessages"] });
  guild.setRoles(discord.bot, [helper]);
  general.deny(guild.everyone, "AttachFiles", "SendMessages");
  general.allow(helper, "SendMessages");
  await using bot = await connect(discord);

  const theirs = channelOf(bot.client, general).permissionsFor(bot.client.user)!;

  expect(general.permissionsOf(discord.bot)).toBe(theirs.bitfield);
  expect(theirs.has(P.SendMessages | P.ManageThreads)).toBe(true);
  expect(theirs.has(P.AttachFiles)).toBe(false);
});

test("the owner and administrators may do everything, and a time-out silences everyone else", async () => {
  await using discord = await startFakeDiscord();
  const { guild, general, ana, ben } = discord;
  guild.setRoles(ana, [guild.role("Admin", { permissions: ["Administrator"] })]);
  general.deny(guild.everyone, "ViewChannel");
  const words = await guild.member("owner-of-home").says("mine");

  await expect(ana.deletes(words)).resolves.toBeUndefined();
  general.allow(guild.everyone, "ViewChannel");
  guild.timeOut(ben, 60_000);
  await expect(ben.says("hmpf")).rejects.toMatchObject({ code: 50_013 });
  await expect(ben.reacts(await ana.says("quiet"), "👍")).rejects.toMatchObject({ code: 50_013 });
});

test("the bot is refused where it may not look, speak or attach", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const general = channelOf(bot.client, discord.general);

  discord.general.deny(discord.bot, "AttachFiles");
  const files = [{ attachment: Buffer.from("x"), name: "x.txt" }];
  await expect(general.send({ files })).rejects.toMatchObject({ code: 50_013 });
  discord.general.deny(discord.bot, "SendMessages");
  await expect(general.send("x")).rejects.toMatchObject({ code: 50_013 });
  discord.general.deny(discord.bot, "ViewChannel");
  await expect(general.send("x")).rejects.toMatchObject({ code: 50_001 });
});

test("reactions are added, counted, taken back and cleared", async () => {
  await using discord = await startFakeDiscord();
  const moderator = discord.guild.role("Moderator", { permissions: ["ManageMessages"] });
  discord.guild.setRoles(discord.bot, [moderator]);
  await using bot = await connect(discord, {
    intents: [...USUAL_INTENTS, I.GuildMessageReactions],
  });
  const message = await discord.ana.says("well done");
  const events = gather<Raw>(bot.client, "raw", 5);
  await discord.ben.reacts(message, "🎉");

  const seen = await channelOf(bot.client, discord.general).messages.fetch(message.id);
  await seen.react("🎉");
  const users = await seen.reactions.cache.get("🎉")!.users.fetch();
  expect(users.map(({ username }) => username)).toEqual(["ben", "Clara"]);
  expect(message.reactions).toEqual([{ emoji: "🎉", userIds: [discord.ben.id, discord.bot.id] }]);

  await discord.ben.unreacts(message, "🎉");
  await seen.reactions.removeAll();
  expect(message.reactions).toEqual([]);
  expect((await events).map(({ t }) => t)).toEqual([
    "MESSAGE_CREATE",
    "MESSAGE_REACTION_ADD",
    "MESSAGE_REACTION_ADD",
    "MESSAGE_REACTION_REMOVE",
    "MESSAGE_REACTION_REMOVE_ALL",
  ]);
  await expect(seen.react("not an emoji")).rejects.toMatchObject({ code: 10_014 });
});

test("a sign of typing fades after ten seconds, or with the message", async () => {
  let now = Date.now();
  await using discord = await startFakeDiscord({ now: () => now });
  await discord.ana.startsTyping();
  await discord.ben.startsTyping();

  now += 5000;
  await discord.ana.says("done");
  expect(discord.general.typers()).toEqual(["ben"]);
  now += 5001;
  expect(discord.general.typers()).toEqual([]);
});

test("typing is noted, and heard by bots that ask for it", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord, { intents: [I.Guilds, I.GuildMessageTyping] });
  const events = gather<Raw>(bot.client, "raw", 1);

  await discord.ana.startsTyping();
  await channelOf(bot.client, discord.general).sendTyping();

  expect(await events).toMatchObject([{ t: "TYPING_START", d: { user_id: discord.ana.id } }]);
  expect(discord.general.typers()).toEqual(["ana", "Clara"]);
  expect(discord.general.typingSince()).toHaveLength(1);
  expect(discord.typings.map(({ userId }) => userId)).toEqual([discord.ana.id, discord.bot.id]);
});

test("pins need their permission, are told of, and are listed newest first", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const general = channelOf(bot.client, discord.general);
  const message = await general.send("keep this");
  await expect(message.pin()).rejects.toMatchObject({ code: 50_013 });

  discord.guild.setRoles(discord.bot, [
    discord.guild.role("Pinner", { permissions: ["PinMessages"] }),
  ]);
  await message.pin();

  const { items } = await general.messages.fetchPins();
  expect(items.map(({ message: { content } }) => content)).toEqual(["keep this"]);
  expect(discord.general.messages().at(-1)).toMatchObject({ type: 6, replyTo: message.id });
  await message.unpin();
  await expect(discord.ana.pins(discord.general.messages()[0]!)).rejects.toMatchObject({
    code: 50_013,
  });
  expect((await general.messages.fetchPins()).items).toEqual([]);
});

test("members are found by name, by id and in pages", async () => {
  await using discord = await startFakeDiscord();
  const role = discord.guild.role("Friend");
  discord.guild.member("anabel", { roles: [role] });
  await using bot = await connect(discord);
  const guild = bot.client.guilds.cache.get(discord.guild.id)!;

  const found = await guild.members.search({ query: "ana", limit: 10 });
  const anabel = await guild.members.fetch(discord.person("anabel").id);
  const page = await guild.members.list({ limit: 2 });

  expect(found.map(({ user }) => user.username)).toEqual(["ana", "anabel"]);
  expect(anabel.roles.cache.map(({ name }) => name)).toContain("Friend");
  expect(page.size).toBe(2);
});

import { GatewayIntentBits as I } from "discord.js";
import { expect, test } from "vitest";

import { channelOf, connect, gather } from "../connect.ts";
import { startFakeDiscord } from "../index.ts";

interface Raw {
  readonly t: string;
  readonly d: { readonly content?: string; readonly name?: string };
}

const said = (events: readonly Raw[]) => events.map(({ d }) => d.content);
const named = (events: readonly Raw[]) => events.map(({ t }) => t);

test("without the content intent a bot reads only its own words, DMs and what mentions it", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord, {
    intents: [I.Guilds, I.GuildMessages, I.DirectMessages],
  });
  const six = gather<Raw>(bot.client, "raw", 6);

  const secret = await discord.ana.says("a secret");
  await discord.ana.says("@Clara hello");
  await discord.ana.dm("a word in private");
  const own = await channelOf(bot.client, discord.general).send("my own words");
  await discord.ana.says("an answer", { replyTo: discord.general.messages().at(-1)! });
  await discord.ana.edits(secret, "still a secret");

  expect(said(await six)).toEqual([
    "",
    `<@${discord.bot.id}> hello`,
    "a word in private",
    own.content,
    "an answer",
    "",
  ]);
});

test("without the content intent a reply that does not ping the bot is empty, files and buttons too", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord, { intents: [I.Guilds, I.GuildMessages] });
  await channelOf(bot.client, discord.general).send("mine");
  const [mine] = discord.general.messages();
  const one = gather<Raw>(bot.client, "raw", 1);

  const files = [{ name: "diary.txt", bytes: "dear diary" }];
  await discord.ana.says("quietly", { replyTo: mine!, ping: false, files });

  expect((await one)[0]!.d).toMatchObject({
    content: "",
    attachments: [],
    referenced_message: { content: "mine" },
  });
});

test("a bot hears only what its intents name", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord, { intents: [I.Guilds, I.GuildMessageReactions] });
  const two = gather<Raw>(bot.client, "raw", 2);

  const message = await discord.ana.says("not heard");
  await discord.ana.startsTyping();
  await discord.ana.dm("nor this");
  await discord.ben.reacts(message, "👍");
  discord.guild.channel("new");

  expect(named(await two)).toEqual(["MESSAGE_REACTION_ADD", "CHANNEL_CREATE"]);
});

test("a bot hears nothing from where it may not look, and nothing once it is kicked", async () => {
  await using discord = await startFakeDiscord();
  const secret = discord.guild.channel("secret");
  secret.deny(discord.guild.everyone, "ViewChannel");
  secret.allow(discord.ana, "ViewChannel");
  await using bot = await connect(discord);
  const three = gather<Raw>(bot.client, "raw", 3);

  await discord.ana.says("psst", { in: secret });
  await discord.ana.says("aloud");
  discord.guild.kick(discord.bot);
  await discord.ana.says("is she gone?");
  discord.guild.role("New");
  await discord.ana.dm("still friends?");

  expect(said(await three)).toEqual(["aloud", undefined, "still friends?"]);
  expect(bot.client.guilds.cache.size).toBe(0);
});

test("REST hides what people say when the portal forbids the content intent", async () => {
  await using discord = await startFakeDiscord({ messageContentAllowed: false });
  await using bot = await connect(discord, { intents: [I.Guilds, I.GuildMessages] });
  await discord.ana.says("hidden");
  await discord.ana.says("@Clara shown");

  const history = await channelOf(bot.client, discord.general).messages.fetch();

  expect(history.map(({ content }) => content)).toEqual([`<@${discord.bot.id}> shown`, ""]);
});

test("shards divide the servers among them, and DMs go to the first", async () => {
  await using discord = await startFakeDiscord();
  const other = discord.server("Elsewhere");
  await using first = await connect(discord, { shards: [0], shardCount: 2 });
  await using second = await connect(discord, { shards: [1], shardCount: 2 });

  const servers = [first, second].map(({ client }) => client.guilds.cache.map(({ id }) => id));
  const dm = gather<Raw>(first.client, "raw", 1);
  await discord.ana.dm("to the first");

  expect(servers.flat().sort()).toEqual([discord.guild.id, other.id].sort());
  expect(said(await dm)).toEqual(["to the first"]);
});

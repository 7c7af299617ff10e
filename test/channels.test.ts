import { describe, expect, onTestFinished, test } from "vitest";
import { guildId, userId } from "../src/core/ids.ts";
import type { Scope } from "../src/core/principal.ts";
import type { Tool } from "../src/core/tool.ts";
import { toConversation } from "../src/discord/conversation.ts";
import { poll } from "../src/discord/commands/poll.ts";
import type { CommandContext } from "../src/discord/commands/define-command.ts";
import type { DiscordOptions } from "../src/discord/index.ts";
import { createPoll, sendMessageToChannel } from "../src/tools/channels/send-message.ts";
import { REQUESTS, startFakeDiscord, type FakeDiscord, type Place } from "./fake-discord/index.ts";
import { goOnline } from "./open-discord.ts";

const { signal } = new AbortController();

async function open(change: Partial<DiscordOptions> = {}) {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord[Symbol.asyncDispose]());
  const { clara } = await goOnline(discord, change);
  const deps = { access: clara.access, posts: clara.posts, createId: () => crypto.randomUUID() };
  const place = placeOf(discord, discord.general);
  const scope = scopeOf(discord);
  const call = (tool: Tool, input: object) =>
    tool.run(tool.input.parse(input), { scope, conversationId: place.id, signal });
  const send = (channel: string, content = "Hello") =>
    call(sendMessageToChannel(deps), { channel_id: channel, content });
  const ask = (channel: string, change_: object = {}) =>
    call(createPoll(deps), {
      channel_id: channel,
      question: "Tea?",
      answers: ["Yes", "No"],
      ...change_,
    });
  const context: CommandContext = {
    scope,
    conversation: place,
    isChannelManager: false,
    isGuildAdmin: false,
    isOperator: false,
    isCarried: false,
    locale: "en-US",
    signal,
  };
  return { discord, deps, send, ask, context };
}

function placeOf(discord: FakeDiscord, { channel }: Place) {
  const { id, type, guildId: guild, parentId, name } = channel;
  return toConversation({ id, type, guildId: guild, parentId, name }, discord.ana.id);
}

const scopeOf = (discord: FakeDiscord): Scope => ({
  principal: {
    platform: "discord",
    userId: userId(`discord:${discord.ana.id}`),
    displayName: "Ana **@everyone**",
    guildId: guildId(`discord:${discord.guild.id}`),
    roleIds: [],
    permissions: 0n,
    via: "message",
  },
  audience: placeOf(discord, discord.general).audience,
});

describe("send_message_to_channel", () => {
  test("writes once, pings nobody and says on whose behalf", async () => {
    const { discord, send } = await open();
    const news = discord.guild.channel("news");

    const { text, isError } = await send("#news", "Hello @everyone https://example.com");

    const [message, ...more] = news.fromBot();
    expect(more).toEqual([]);
    expect(isError).toBeUndefined();
    expect(text).toContain(`${news.id}/${message?.id}`);
    expect(message?.content).toBe(
      "Hello @everyone https://example.com\n-# On behalf of Ana everyone",
    );
    expect(message?.pings).toEqual({ users: [], roles: [], everyone: false });
    expect(discord.unfurled).toEqual([]);
  });

  test("writes once although Discord's answer was lost", async () => {
    const { discord, send } = await open();
    const news = discord.guild.channel("news");
    discord.faults.add({ kind: "status-after-commit", status: 502, match: REQUESTS.sends });

    await send("news");

    expect(news.fromBot()).toHaveLength(1);
  });

  test.each([
    [
      "may not write",
      (discord: FakeDiscord, place: Place) => place.deny(discord.ana, "SendMessages"),
      /may not write there/,
    ],
    [
      "may not look",
      (discord: FakeDiscord, place: Place) => place.deny(discord.ana, "ViewChannel"),
      /no channel "news" that you can see/,
    ],
    ["has left", (discord: FakeDiscord) => discord.guild.kick(discord.ana), /not a member/],
    [
      "is timed out",
      (discord: FakeDiscord) => discord.guild.timeOut(discord.ana, 600_000),
      /may not write there/,
    ],
  ])("writes nothing where the asker %s", async (_, change, why) => {
    const { discord, send } = await open();
    const news = discord.guild.channel("news");
    change(discord, news);

    const { text, isError } = await send("news");

    expect(text).toMatch(why);
    expect(isError).toBe(true);
    expect(news.fromBot()).toEqual([]);
  });

  test("writes nothing in a channel that Clara is not to serve", async () => {
    const allowed = new Set<string>(["1"]);
    const { discord, send } = await open({ allowedChannels: allowed });
    discord.guild.channel("news");

    expect((await send("news")).isError).toBe(true);
  });

  test("asks back when a name is not clear, and takes the id", async () => {
    const { discord, send } = await open();
    const first = discord.guild.channel("news");
    const thread = await discord.ana.opensThread(discord.general, "news");

    const { text } = await send("news");
    await send(thread.id);

    expect(text).toContain("There are 2 channels of that name");
    expect(thread.fromBot()).toHaveLength(1);
    expect(first.fromBot()).toEqual([]);
  });

  test("writes in a private thread only for those who are in it", async () => {
    const { discord, send } = await open();
    const thread = await discord.ben.opensThread(discord.general, "secret", { private: true });

    expect((await send(thread.id)).text).toMatch(/no channel/);

    await discord.ben.letsIn(thread, discord.ana);
    await discord.ben.letsIn(thread, discord.bot);
    await send(thread.id);
    expect(thread.fromBot()).toHaveLength(1);
  });

  test("knows no other server", async () => {
    const { discord, send } = await open();
    const other = discord.server("Other").channel("news");

    expect((await send(other.id)).text).toMatch(/no channel/);
    expect(other.fromBot()).toEqual([]);
  });
});

describe("a poll", () => {
  test("is Discord's own", async () => {
    const { discord, ask } = await open();

    await ask(discord.general.id, { hours: 2, multiple: true });

    expect(discord.general.fromBot()[0]?.poll).toMatchObject({
      question: { text: "Tea?" },
      answers: [{ poll_media: { text: "Yes" } }, { poll_media: { text: "No" } }],
      duration: 2,
      allow_multiselect: true,
    });
  });

  test("is for those who may start polls", async () => {
    const { discord, ask } = await open();
    discord.general.deny(discord.ana, "SendPolls");

    expect((await ask(discord.general.id)).text).toMatch(/may not start polls/);
    expect(discord.general.fromBot()).toEqual([]);
  });

  test("is started by /poll start, in the channel where it is run", async () => {
    const { discord, deps, context } = await open();
    const [start] = poll({ ...deps, createKey: () => "one" }).commands;

    const words = await start?.run({ question: "Tea?", answers: "Yes; No ;" }, context);
    const wrong = await start?.run({ question: "Tea?", answers: "Yes" }, context);

    expect(words).toContain("Your poll is open");
    expect(wrong).toContain("2 to 10 answers");
    expect(discord.general.fromBot()).toHaveLength(1);
  });
});

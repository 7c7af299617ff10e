import { ChannelType, MessageType, type ThreadChannel } from "discord.js";
import { expect, test } from "vitest";

import { channelOf, connect, gather } from "../connect.ts";
import { startFakeDiscord } from "../index.ts";

interface Raw {
  readonly t: string;
  readonly d: { readonly type?: number };
}

test("a thread on a message has its id, and opens with a pointer back to it", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const message = await discord.ana.says("let us discuss");
  const events = gather<Raw>(bot.client, "raw", 4);

  const thread = await discord.ana.opensThread(message, "discussion");

  expect(thread.id).toBe(message.id);
  expect((await events).map(({ t }) => t)).toEqual([
    "MESSAGE_CREATE",
    "THREAD_CREATE",
    "MESSAGE_UPDATE",
    "MESSAGE_CREATE",
  ]);
  expect(thread.messages()).toMatchObject([
    { type: MessageType.ThreadStarterMessage, reference: { messageId: message.id } },
  ]);
});

test("the bot opens a thread and people answer in it", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const message = await discord.ana.says("a long story");

  const general = channelOf(bot.client, discord.general);
  const thread = await (await general.messages.fetch(message.id)).startThread({ name: "story" });
  await thread.send("tell me");
  await discord.ana.says("once upon a time", { in: "story" });

  const history = await thread.messages.fetch();
  expect(history.map(({ content }) => content)).toEqual(["once upon a time", "tell me", ""]);
  const route = `/channels/${general.id}/messages/${message.id}/threads` as const;
  await expect(bot.client.rest.post(route, { body: { name: "again" } })).rejects.toMatchObject({
    code: 160_004,
  });
});

test("a forum post is a thread whose first message has its id", async () => {
  await using discord = await startFakeDiscord();
  const forum = discord.guild.channel("questions", { type: ChannelType.GuildForum });
  await using bot = await connect(discord);
  const events = gather<Raw>(bot.client, "raw", 2);

  const post = await discord.ana.posts(forum, "How?", "How does it work, @Clara?");

  expect((await events).map(({ t }) => t)).toEqual(["THREAD_CREATE", "MESSAGE_CREATE"]);
  expect(post.messages()).toMatchObject([{ id: post.id, mentionedUserIds: [discord.bot.id] }]);
  await channelOf(bot.client, post).send("like this");
  expect(post.fromBot()).toMatchObject([{ content: "like this" }]);
  await expect(discord.ana.says("not a post", { in: forum })).rejects.toMatchObject({
    code: 50_008,
  });
});

test("a private thread is seen by those who are in it, and by the bot once it is let in", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const thread = await discord.ana.opensThread(discord.general, "whispers", { private: true });
  const events = gather<Raw>(bot.client, "raw", 3);

  await discord.ana.says("before", { in: thread });
  await expect(discord.ben.says("let me in", { in: thread })).rejects.toMatchObject({
    code: 50_001,
  });
  await discord.ana.letsIn(thread, discord.bot);
  await discord.ana.says("after", { in: thread });

  expect(await events).toMatchObject([
    { t: "THREAD_CREATE" },
    { t: "THREAD_MEMBERS_UPDATE" },
    { t: "MESSAGE_CREATE", d: { content: "after" } },
  ]);
});

test("a message wakes an archived thread, but not a locked one", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const thread = await discord.ana.opensThread(discord.general, "old");
  await discord.ana.says("first", { in: thread });

  thread.archive();
  await discord.ana.says("again", { in: thread });
  expect(thread.channel.thread?.archived).toBe(false);

  thread.archive({ locked: true });
  const known = (await bot.client.channels.fetch(thread.id)) as ThreadChannel;
  await expect(known.send("too late")).rejects.toMatchObject({ code: 50_083 });
});

test("people join and leave threads, and the bot hears of it", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const thread = await discord.ana.opensThread(discord.general, "open house");
  const events = gather<Raw>(bot.client, "raw", 4);

  await discord.ben.joins(thread);
  await discord.ana.leaves(thread);

  expect((await events).slice(2)).toMatchObject([
    { t: "THREAD_MEMBERS_UPDATE", d: { added_members: [{ user_id: discord.ben.id }] } },
    { t: "THREAD_MEMBERS_UPDATE", d: { removed_member_ids: [discord.ana.id], member_count: 1 } },
  ]);
});

test("threads are listed while they are open, and apart once they are archived", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const open = await discord.ana.opensThread(discord.general, "open");
  const shut = await discord.ana.opensThread(discord.general, "shut");
  shut.archive();

  const general = channelOf(bot.client, discord.general);
  if (!("threads" in general)) throw new Error("#general has no threads");
  const active = await general.threads.fetchActive(false);
  const archived = await general.threads.fetchArchived({}, false);

  expect(active.threads.map(({ id }) => id)).toEqual([open.id]);
  expect(archived.threads.map(({ id }) => id)).toEqual([shut.id]);
});

test("a channel that is deleted takes its threads along", async () => {
  await using discord = await startFakeDiscord();
  const doomed = discord.guild.channel("doomed");
  const thread = await discord.ana.opensThread(doomed, "inside");
  await using bot = await connect(discord);
  const events = gather<Raw>(bot.client, "raw", 2);

  doomed.delete();

  expect((await events).map(({ t }) => t)).toEqual(["THREAD_DELETE", "CHANNEL_DELETE"]);
  await expect(
    bot.client.rest.post(`/channels/${thread.id}/messages`, { body: { content: "hello?" } }),
  ).rejects.toMatchObject({ code: 10_003 });
});

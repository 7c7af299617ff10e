import { describe, expect, onTestFinished, test } from "vitest";
import {
  type FakeDiscord,
  type FakeDiscordOptions,
  startFakeDiscord,
} from "../../test/fake-discord/index.ts";
import { commandsAreThere, goOnline } from "../../test/open-discord.ts";

async function start(options: FakeDiscordOptions = {}): Promise<FakeDiscord> {
  const discord = await startFakeDiscord(options);
  onTestFinished(() => discord[Symbol.asyncDispose]());
  return discord;
}

describe("a message that is said", () => {
  test("is answered when it calls Clara, and she is seen to type even while the store is away", async () => {
    const discord = await start();
    const { witness } = await goOnline(discord);

    witness.isAway = true;
    await discord.ana.says("@Clara hi");
    await discord.until(() => discord.general.typingSince().length > 0, "typing");
    witness.isAway = false;
    await witness.until("accept hi (mention) queued");

    expect(discord.general.typingSince()).toHaveLength(1);
  });

  test("is answered in a DM, with the tier that it asks for", async () => {
    const discord = await start();
    const { witness, store } = await goOnline(discord);

    await discord.ana.dm("!high think hard");
    await witness.until("accept think hard (dm) queued");

    const [turn] = await store.query("select tier, audience from turns");
    expect(turn).toEqual({ tier: "high", audience: `private:discord:${discord.ana.id}` });
  });

  test("is heard in order, and before what is answered", async () => {
    const discord = await start();
    const { witness, store } = await goOnline(discord);

    await discord.ana.says("one");
    await discord.ben.says("two");
    await discord.ana.says("@Clara three");
    await witness.until("accept three (mention) queued");

    expect(witness.lines).toEqual(["hear one | two", "accept three (mention) queued"]);
    const kept = await store.query("select text from messages order by sent_at");
    expect(kept.map(({ text }) => text)).toEqual(["one", "two", "three"]);
  });

  test("waits with a notice and a Stop button while another turn is open", async () => {
    const discord = await start();
    const { witness, store } = await goOnline(discord);

    await discord.ana.says("@Clara one");
    const second = await discord.ana.says("@Clara two");
    await witness.until("accept two (mention) queued");
    const notice = await discord.general.waitFor(({ replyTo }) => replyTo === second.id);

    expect(notice.content).toMatch(/queued \(position 1\)/);
    expect(notice.buttons).toMatchObject([{ label: "Stop" }]);
    await expect
      .poll(() => store.query("select message_id from outbox"))
      .toEqual([{ message_id: notice.id }]);
  });

  test("waits with so many others of its author that he is told once, and others are answered", async () => {
    const discord = await start();
    const { witness, store } = await goOnline(discord, { maxOpen: 2 });
    const ben = discord.guild.member("ben");

    const asked = await Promise.all(
      ["one", "two", "three", "four", "five"].map((text) => discord.ana.says(`@Clara ${text}`)),
    );
    await witness.until("accept five (mention) full");
    await ben.says("@Clara me too");
    await witness.until("accept me too (mention) queued");
    const third = asked[2]?.id;
    const told = await discord.general.waitFor(({ content }) => /open questions/.test(content));

    expect(told.replyTo).toBe(third);
    expect(
      discord.general.messages().filter(({ content }) => /open questions/.test(content)),
    ).toEqual([told]);
    const kept = await store.query("select text from messages order by sent_at, id");
    expect(kept).toHaveLength(6);
    const turns = await store.query("select count(*)::int as count from turns");
    expect(turns).toEqual([{ count: 3 }]);
    await expect
      .poll(() => store.query("select distinct reason from gate_decisions"))
      .toEqual([{ reason: "too-many-open" }]);
  });

  test("is no reason for a notice in an active channel", async () => {
    const discord = await start();
    const { witness, store } = await goOnline(discord);
    discord.guild.role("Boss", { permissions: ["ManageChannels"] });
    const boss = discord.guild.member("boss", { roles: [discord.guild.role("Boss")] });
    await commandsAreThere(discord);
    await (await boss.runs("/clara channel mode:active")).response();

    await discord.ana.says("one");
    await discord.ana.says("two");
    await witness.until("accept two (active) queued");

    expect(await store.query("select * from outbox")).toEqual([]);
  });

  test("brings along what was said before Clara came, which is heard and not answered", async () => {
    const discord = await start();
    await discord.ana.says("@Clara are you there?");
    await discord.ben.says("not yet");
    const { witness } = await goOnline(discord);

    await discord.ana.says("@Clara what about the above?");
    await witness.until("accept what about the above? (mention) queued");

    expect(witness.lines).toEqual([
      "hear are you there? | not yet",
      "accept what about the above? (mention) queued",
    ]);
  });

  test("leaves the reason for silence behind", async () => {
    const discord = await start();
    const { witness, store, stop } = await goOnline(discord);

    const message = await discord.ana.says("among us");
    await witness.until("hear among us");
    await stop();

    const reasons = await store.query("select message_id, reason from gate_decisions");
    expect(reasons).toEqual([{ message_id: `discord:${message.id}`, reason: "not-addressed" }]);
  });
});

describe("a message that is edited", () => {
  test("changes its words, and is answered anew when its answer is under way", async () => {
    const discord = await start();
    const { witness, store, pokes } = await goOnline(discord);
    const question = await discord.ana.says("@Clara tea?");
    await witness.until("accept tea? (mention) queued");
    await store.query("update turns set state = 'running'");

    await discord.ana.edits(question, "@Clara coffee?");
    await witness.until("revise coffee? again");

    await expect.poll(pokes).toBe(1);
    expect(await store.query("select text from messages")).toEqual([{ text: "coffee?" }]);
  });

  test("is not, when Discord only shows a preview or somebody pins it", async () => {
    const discord = await start();
    const { witness } = await goOnline(discord);
    const question = await discord.ana.says("@Clara see https://example.com");

    discord.general.showsPreview(question, "Example");
    await discord.ana.says("@Clara end");
    await witness.until("accept end (mention) queued");

    expect(witness.lines.filter((line) => line.startsWith("revise"))).toEqual([]);
  });

  test("passes the gate once more", async () => {
    const discord = await start();
    const role = discord.guild.role("Friend");
    const friend = discord.guild.member("friend", { roles: [role] });
    const { witness } = await goOnline(discord, { allowedRoles: new Set([role.id]) });
    const question = await friend.says("@Clara tea?");
    await witness.until("accept tea? (mention) queued");

    discord.guild.setRoles(friend, []);
    await friend.edits(question, "@Clara something bad");
    discord.guild.setRoles(friend, [role]);
    await friend.says("@Clara end");
    await witness.until("accept end (mention) queued");

    expect(witness.lines).not.toContain("revise something bad again");
    expect(witness.lines.filter((line) => line.startsWith("revise"))).toEqual([]);
  });
});

describe("a message that is deleted", () => {
  test("is forgotten, and its turn ends", async () => {
    const discord = await start();
    const { witness, store, pokes } = await goOnline(discord);
    const question = await discord.ana.says("@Clara a secret");

    await discord.ana.deletes(question);
    await witness.until("forget 1");

    await expect.poll(pokes).toBe(1);
    expect(await store.query("select text from messages")).toEqual([{ text: "" }]);
    expect(await store.query("select cancel_reason from turns")).toEqual([
      { cancel_reason: "deleted" },
    ]);
  });

  test("is forgotten also among many at once", async () => {
    const discord = await start();
    const { witness } = await goOnline(discord);
    const one = await discord.ana.says("one");
    const two = await discord.ana.says("two");

    discord.gateway.dispatch("MESSAGE_DELETE_BULK", {
      ids: [one.id, two.id],
      channel_id: discord.general.id,
      guild_id: discord.guild.id,
    });
    await witness.until("forget 2");

    expect(witness.lines).toEqual(["hear one | two", "forget 2"]);
  });
});

describe("a stop phrase", () => {
  test("ends all that the person has open here, and nothing of others", async () => {
    const discord = await start();
    const { witness, store, pokes } = await goOnline(discord);
    await discord.ana.says("@Clara one");
    await discord.ben.says("@Clara two");
    await discord.ana.says("@Clara three");

    await discord.ana.says("@Clara never mind");
    await witness.until("hear never mind");
    await expect.poll(pokes).toBe(1);

    expect(await store.query("select cancel_reason from turns order by seq")).toEqual([
      { cancel_reason: "stopped" },
      { cancel_reason: null },
      { cancel_reason: "stopped" },
    ]);
  });

  test("is told when nothing runs", async () => {
    const discord = await start();
    await goOnline(discord);

    const phrase = await discord.ana.dm("clara stop");
    const told = await discord.ana.dmPlace().reply(phrase);

    expect(told.content).toMatch(/Nothing of yours is running/);
    expect(told.pings.users).toEqual([]);
  });
});

describe("without the Message Content intent", () => {
  test("mentions and DMs are answered, and hidden words are not stored", async () => {
    const discord = await start({ messageContentAllowed: false });
    const { witness } = await goOnline(discord, { messageContent: false });

    await discord.ana.says("hidden");
    await discord.ana.says("@Clara seen");
    await discord.ana.dm("private");
    await witness.until("accept private (dm) queued");
    await witness.until("accept seen (mention) queued");

    expect(witness.lines.toSorted()).toEqual([
      "accept private (dm) queued",
      "accept seen (mention) queued",
    ]);
  });
});

describe("what is odd", () => {
  test("bots and webhooks are heard and never answered", async () => {
    const discord = await start();
    const { witness, store } = await goOnline(discord);

    await discord.otherBot("mirror").says("@Clara hello, bot");
    discord.general.webhookSays("ana", `<@${discord.bot.id}> give me everything`);
    await discord.ana.says("@Clara end");
    await witness.until("accept end (mention) queued");

    const roles = await store.query("select role from messages order by sent_at");
    expect(roles.map(({ role }) => role)).toEqual(["bot", "bot", "person"]);
  });

  test("broken events end nothing", async () => {
    const discord = await start();
    const { witness, warnings } = await goOnline(discord);
    const place = { channel_id: discord.general.id, guild_id: discord.guild.id };

    discord.gateway.dispatch("MESSAGE_CREATE", { id: "1", ...place, author: null });
    discord.gateway.dispatch("MESSAGE_UPDATE", {});
    discord.gateway.dispatch("MESSAGE_DELETE", { id: 7 });
    discord.gateway.dispatch("GUILD_ROLE_CREATE", { guild_id: discord.guild.id, role: null });
    discord.gateway.dispatch("NEVER_HEARD_OF", { a: 1 });
    await discord.ana.says("@Clara still there?");
    await witness.until("accept still there? (mention) queued");

    expect(warnings).toEqual(["message-unreadable", "discord-event-unreadable"]);
  });

  test("a text that no database takes is one that ours takes", async () => {
    const discord = await start();
    const { witness, store } = await goOnline(discord);

    await discord.ana.says("@Clara a\0b \ud800 \u202e c");
    await witness.until(/^accept a/);

    expect(await store.query("select text from messages")).toEqual([
      { text: "ab \ufffd \u202e c" },
    ]);
  });
});

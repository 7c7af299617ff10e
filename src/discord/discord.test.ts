import { describe, expect, onTestFinished, test } from "vitest";
import {
  type FakeDiscord,
  type FakeDiscordOptions,
  startFakeDiscord,
} from "../../test/fake-discord/index.ts";
import { goOnline, openDiscord } from "../../test/open-discord.ts";
import { openEmbeddedStore } from "../../test/open-test-store.ts";

async function start(options: FakeDiscordOptions = {}): Promise<FakeDiscord> {
  const discord = await startFakeDiscord(options);
  onTestFinished(() => discord[Symbol.asyncDispose]());
  return discord;
}
const accepts = (lines: readonly string[]) => lines.filter((line) => line.startsWith("accept"));

describe("a message that is said", () => {
  test("is answered when it calls Clara, and she is seen to type before the store is asked", async () => {
    const discord = await start();
    const { witness } = await goOnline(discord);

    await discord.ana.says("@Clara hi");
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
    await discord.until(() => true, "the id");
    await expect
      .poll(() => store.query("select message_id from outbox"))
      .toEqual([{ message_id: notice.id }]);
  });

  test("is no reason for a notice in an active channel", async () => {
    const discord = await start();
    const { witness, store } = await goOnline(discord);
    discord.guild.role("Boss", { permissions: ["ManageChannels"] });
    const boss = discord.guild.member("boss", { roles: [discord.guild.role("Boss")] });
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
    const { witness, store, stop } = await goOnline(discord, { allowedChannels: new Set() });

    const message = await discord.ana.says("among us");
    await witness.until("hear among us");
    await stop();

    const scope = {
      principal: { ...PRINCIPAL, userId: `discord:${discord.ana.id}` },
      audience: {
        kind: "channel",
        conversationId: `discord:channel:${discord.general.id}`,
        guildId: `discord:${discord.guild.id}`,
      },
    };
    expect(
      await store.gateLog.about(scope as never, `discord:${message.id}` as never),
    ).toMatchObject([{ reason: "not-addressed" }]);
  });
});

const PRINCIPAL = {
  platform: "discord",
  displayName: "",
  guildId: null,
  roleIds: [],
  permissions: 0n,
  via: "message",
};

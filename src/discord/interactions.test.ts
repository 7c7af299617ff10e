import { Routes } from "discord-api-types/v10";
import { REST } from "discord.js";
import { describe, expect, onTestFinished, test } from "vitest";
import { type FakeDiscord, type Message, startFakeDiscord } from "../../test/fake-discord/index.ts";
import { commandsAreThere, goOnline } from "../../test/open-discord.ts";

/** With /clara registered, a boss who manages channels, and a friend without rights. */
async function start(change: Parameters<typeof goOnline>[1] = {}) {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord[Symbol.asyncDispose]());
  const role = discord.guild.role("Boss", { permissions: ["ManageChannels"] });
  const boss = discord.guild.member("boss", { roles: [role] });
  const open = await goOnline(discord, change);
  await commandsAreThere(discord);
  return { discord, boss, ...open };
}

const registrations = (discord: FakeDiscord) => discord.journal.rest({ method: "PUT" });

describe("/clara", () => {
  test("help and info answer everybody, for his eyes only", async () => {
    const { discord } = await start();

    const help = await discord.ana.runs("/clara help topic:stopping");
    const info = await discord.ana.runs("/clara info", { in: discord.ana.dmPlace() });

    expect((await help.response()).content).toMatch(/never mind/);
    expect((await info.response()).content).toMatch(/Clara 1\.2\.3.*\n.*big.*usual.*small/);
    expect([help.isEphemeral, info.isEphemeral]).toEqual([true, true]);
  });

  test("channel shows the mode to everybody, and lets managers set it", async () => {
    const { discord, boss, witness } = await start();

    const shown = await discord.ana.runs("/clara channel");
    const refused = await discord.ana.runs("/clara channel mode:active");
    const set = await boss.runs("/clara channel mode:active");

    expect((await shown.response()).content).toMatch(/\*\*mention\*\*/);
    expect((await refused.response()).content).toMatch(/Only people who may manage channels/);
    expect((await set.response()).content).toMatch(/\*\*active\*\* now/);
    const listed = await discord.ana.runs("/clara channel", { in: discord.guild.channel("other") });
    expect((await listed.response()).content).toContain(`- <#${discord.general.id}>: active`);
    await discord.ana.says("does it count?");
    await witness.until("accept does it count? (active) queued");
  });

  test("channel is open to the operator's admin role by its id, and to no other role of that name", async () => {
    const discord = await startFakeDiscord();
    onTestFinished(() => discord[Symbol.asyncDispose]());
    const admin = discord.guild.role("Clara-Admin");
    const holder = discord.guild.member("holder", { roles: [admin] });
    const elsewhere = discord.server("Elsewhere");
    const namesake = elsewhere.role("Clara-Admin");
    const pretender = elsewhere.member("pretender", { roles: [namesake] });
    await goOnline(discord, { adminRoleId: admin.id });
    await commandsAreThere(discord);

    const set = await holder.runs("/clara channel mode:off");
    const there = { in: elsewhere.channel("general") };
    const refused = await pretender.runs("/clara channel mode:off", there);

    expect((await set.response()).content).toMatch(/\*\*off\*\* now/);
    expect((await refused.response()).content).toMatch(/Only people who may manage/);
  });

  test("a channel that is off can be switched on again", async () => {
    const { discord, boss, witness } = await start();
    await (await boss.runs("/clara channel mode:off")).response();
    await discord.ana.says("@Clara ignored");

    await (await boss.runs("/clara channel mode:mention")).response();
    await discord.ana.says("@Clara heard");
    await witness.until("accept heard (mention) queued");

    expect(witness.lines.filter((line) => line.startsWith("accept"))).toHaveLength(1);
  });

  test("the lists of the gate hold for commands, too", async () => {
    const { discord } = await start({ allowedChannels: new Set(["1"]) });

    const handle = await discord.ana.runs("/clara info");

    expect((await handle.response()).content).toMatch(/not at work in this channel/);
  });

  test("an unknown command and an old button get polite words", async () => {
    const { discord } = await start();
    const before = { type: 2, label: "Old", style: 2, custom_id: "from-before" };
    const juggle = { name: "juggle", description: "An old one" };
    const rest = new REST({ api: discord.apiBase }).setToken(discord.token);
    await rest.post(Routes.applicationCommands(discord.bot.id), { body: juggle });
    const body = { content: "Press", components: [{ type: 1, components: [before] }] };
    await rest.post(Routes.channelMessages(discord.general.id), { body });
    const [message] = discord.general.fromBot();

    const command = await discord.ana.runs("/juggle");
    const press = await discord.ana.clicks(message as Message, "Old");

    expect((await command.response()).content).toMatch(/do not know that command/);
    await expect
      .poll(() => press.followups)
      .toMatchObject([
        { onlyFor: discord.ana.id, content: expect.stringMatching(/earlier version/) as string },
      ]);
  });
});

describe("registration", () => {
  test("happens once for the same commands, also after a restart", async () => {
    const { discord, store, stop } = await start();
    await stop();

    await goOnline(discord, {}, store);
    const handle = await discord.ana.runs("/clara info");
    await handle.response();

    expect(registrations(discord)).toHaveLength(1);
  });

  test("that is refused is no reason not to work, and is not asked for in a loop", async () => {
    const discord = await startFakeDiscord();
    onTestFinished(() => discord[Symbol.asyncDispose]());
    discord.faults.add({
      kind: "status-before",
      status: 400,
      body: { code: 50_035, message: "Invalid Form Body" },
      match: { method: "PUT", path: "/commands" },
      times: Number.POSITIVE_INFINITY,
    });
    const { witness, warnings } = await goOnline(discord);

    await discord.until(() => registrations(discord).length > 0, "the attempt");
    await discord.ana.says("@Clara hi");
    await witness.until("accept hi (mention) queued");
    await expect.poll(() => warnings).toEqual(["commands-not-registered"]);

    expect(registrations(discord)).toHaveLength(1);
  });
});

describe("the Stop button", () => {
  async function withNotice() {
    const open = await start();
    const { discord, witness } = open;
    await discord.ben.says("@Clara one");
    const question = await discord.ana.says("@Clara two");
    await witness.until("accept two (mention) queued");
    const notice = await discord.general.waitFor(({ replyTo }) => replyTo === question.id);
    const reasons = () =>
      open.store
        .query("select cancel_reason from turns order by seq")
        .then((rows) => rows.map(({ cancel_reason: reason }) => reason));
    return { ...open, notice, reasons };
  }

  test("ends the turn of whoever asked, without a word", async () => {
    const { discord, notice, reasons, pokes } = await withNotice();

    const handle = await discord.ana.clicks(notice, "Stop");

    expect((await handle.acknowledged()).kind).toBe("deferred-update");
    await expect.poll(reasons).toEqual([null, "stopped"]);
    await expect.poll(pokes).toBe(1);
    expect(handle.followups).toEqual([]);
  });

  test("does nothing for others, and tells them alone", async () => {
    const { discord, notice, reasons } = await withNotice();

    const handle = await discord.ben.clicks(notice, "Stop");
    await expect.poll(() => handle.followups).toHaveLength(1);

    expect(handle.followups[0]?.onlyFor).toBe(discord.ben.id);
    expect(handle.followups[0]?.content).toMatch(/not yours to stop/);
    expect(await reasons()).toEqual([null, null]);
  });

  test("works for those who keep order here", async () => {
    const { boss, notice, reasons } = await withNotice();

    await boss.clicks(notice, "Stop");

    await expect.poll(reasons).toEqual([null, "stopped"]);
  });

  test("pressed twice tells the second time that it is over", async () => {
    const { discord, notice, reasons } = await withNotice();
    await discord.ana.clicks(notice, "Stop");
    await expect.poll(reasons).toEqual([null, "stopped"]);

    const handle = await discord.ana.clicks(notice, "Stop");
    await expect.poll(() => handle.followups).toHaveLength(1);

    expect(handle.followups[0]?.content).toMatch(/finished already/);
  });
});

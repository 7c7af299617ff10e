import assert from "node:assert/strict";
import { commandContext } from "../../../test/command-context.ts";
import { expect, onTestFinished, test } from "vitest";
import { startFakeDiscord, type Actor, type Message } from "../../../test/fake-discord/index.ts";
import { commandsAreThere, goOnline } from "../../../test/open-discord.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { hear, newChannel, newId, newName, type Place } from "../../../test/talk.ts";
import { noGuilds } from "../../core/guild-access.ts";
import { userId } from "../../core/ids.ts";
import { NO_SETTINGS } from "../../core/settings.ts";
import type { ToolFacts } from "../../core/tool.ts";
import type { CommandContext } from "./define-command.ts";
import { info } from "./info.ts";
import { settingsGroup } from "./settings.ts";

const TOOLS: readonly ToolFacts[] = [
  { name: "web_search", label: "Searching the web", effect: "read" },
  { name: "send_mail", label: "Sending an e-mail", effect: "outside" },
];

async function start() {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord[Symbol.asyncDispose]());
  const manager = discord.guild.role("Mod", { permissions: ["ManageChannels"] });
  const boss = discord.guild.role("Boss", { permissions: ["ManageGuild"] });
  const mod = discord.guild.member("mod", { roles: [manager] });
  const admin = discord.guild.member("admin", { roles: [manager, boss] });
  const log = discord.guild.channel("admin-log");
  const open = await goOnline(discord, {}, null, { tools: () => TOOLS });
  await commandsAreThere(discord);
  const says = async (actor: Actor, line: string, where = {}): Promise<Message> =>
    (await actor.runs(line, where)).response();
  const fills = async (actor: Actor, panel: Message, button: string, value: string) =>
    actor.submits(await actor.clicks(panel, button), { value });
  const logged = (words: string) =>
    discord.until(() => log.fromBot().some(({ content }) => content.includes(words)), words);
  return { discord, mod, admin, log, says, fills, logged, ...open };
}

test("/settings me is a panel whose selects and forms set what the person wants, and say what became of what", async () => {
  const { discord, says, fills, store } = await start();
  const { ana } = discord;
  const panel = await says(ana, "/settings me");

  await ana.selects(panel, "Tier", ["high"]);
  await expect.poll(() => panel.content).toMatch(/✏️ Tier: not set → high/);
  await fills(ana, panel, "Time zone", "asia/jakarta");
  await expect.poll(() => panel.content).toMatch(/Time zone: not set → Asia\/Jakarta/);
  const wrong = await fills(ana, panel, "Dollars a day", "much");
  await ana.selects(panel, "Reminders go", ["dm"]);
  await expect.poll(() => panel.content).toMatch(/Reminders go: not set → to your DMs/);
  await ana.selects(panel, "Buttons below answers", ["off"]);
  await expect.poll(() => panel.content).toMatch(/Buttons below answers: not set → off/);
  await fills(ana, panel, "Language", "German");

  await expect.poll(() => panel.content).toMatch(/- Language: German[^]*✏️ Language: not set → G/);
  expect((await wrong.followup()).content).toMatch(/for example 2\.50/);
  expect(await store.settings.forgetAll(userId(`discord:${ana.id}`))).toBe(true);
});

const LOG = "Log channel: what admins should know";

test("a server's admins read in their log channel who changed what, and nothing that people set for themselves", async () => {
  const { discord, admin, mod, log, says, fills, logged, store } = await start();
  const foreign = discord.server("Elsewhere").channel("secrets");
  const closed = discord.guild.channel("closed");
  closed.deny(discord.bot, "SendMessages");
  const panel = await says(admin, "/settings server");
  const refused = async (id: string) =>
    (await (await admin.selects(panel, LOG, [id])).followup()).content;

  expect(await refused(closed.id)).toMatch(/I cannot write in .*Nothing was changed/);
  expect(await refused(foreign.id)).toMatch(/no text channel of this server/);
  expect(await store.query("select from preferences")).toEqual([]);
  await admin.selects(panel, LOG, [log.id]);
  await logged("From now on I tell here");
  await expect.poll(() => panel.content).toContain(`Log channel: not set → <#${log.id}>`);
  const wrong = await fills(admin, panel, "Forget after days", "0");
  await wrong.followup();
  await fills(admin, panel, "Forget after days", "90");
  await fills(discord.ana, await says(discord.ana, "/settings me"), "Language", "Klingon");
  await says(mod, "/model tier tier:low for:channel");
  await mod.selects(await says(mod, "/settings channel"), "Mode", ["active"]);
  await logged("Mode: mention → active");

  expect(log.fromBot().map(({ content }) => content)).toEqual([
    expect.stringContaining("From now on"),
    `⚙️ <@${admin.id}> changed this server: Log channel: not set → <#${log.id}>`,
    `⚙️ <@${admin.id}> changed this server: Forget after: not set → 90 days`,
    `⚙️ <@${mod.id}> changed <#${discord.general.id}>: Tier: not set → low`,
    `⚙️ <@${mod.id}> changed <#${discord.general.id}>: Mode: mention → active`,
  ]);
  expect((await wrong.followup()).content).toMatch(/whole number of days from 1 to 3650/);
  await admin.clicks(panel, "No log channel");
  await expect.poll(() => panel.content).toContain(`Log channel: <#${log.id}> → not set`);
});

const store = share(openEmbeddedStore);
const MANAGE_GUILD = 0x20n;

/** The commands without Discord, and what the server's admins were told. */
function scene(place: Place = newChannel()) {
  const told: string[] = [];
  const group = settingsGroup({
    ...store(),
    ownSettings: { changed: () => {} },
    modes: { all: () => new Map(), set: async () => {} },
    access: noGuilds,
    tools: () => TOOLS,
    guildLog: {
      tell: (_, line) => void told.push(line),
      try: async () => ({ kind: "posted", url: "" }),
    },
  });
  const contextOf = (name: string, role: "member" | "manager" | "admin"): CommandContext =>
    commandContext(place, name, {
      scope: place.scope(name, { permissions: role === "admin" ? MANAGE_GUILD : 0n }),
      isChannelManager: role !== "member",
      isGuildAdmin: role === "admin",
    });
  const command = (name: string) => {
    const found = group.commands.find((each) => each.name === name);
    assert(found);
    return found;
  };
  const run = async (
    name: string,
    context: CommandContext,
    input: Readonly<Record<string, string>> = {},
  ) => {
    const reply = await command(name).run(input, context);
    return typeof reply === "string" ? reply : reply.text;
  };
  const press = (name: string, context: CommandContext, pressed = {}) => {
    const action = group.actions?.find((each) => each.name === name);
    assert(action && "run" in action);
    return action.run({ data: {}, values: [], fields: {}, ...pressed }, context);
  };
  const ana = contextOf(newName("ana"), "member");
  const mod = contextOf(newName("mod"), "manager");
  const admin = contextOf(newName("admin"), "admin");
  return { place, told, command, run, press, ana, mod, admin };
}

test("/settings tools sets, shows and proposes rules, each for whom it is", async () => {
  const { run, command, told, ana, mod, admin } = scene();
  const mail = { tool: "send_mail" };
  const search = { tool: "web_search" };

  const said = [
    await run("tools", admin, { ...mail, rule: "deny", for: "guild" }),
    await run("tools", admin, { ...mail, rule: "ask", for: "guild", clicker: "admin" }),
    await run("tools", ana, mail),
    await run("tools", ana, { ...search, rule: "ask" }),
    await run("tools", ana, { ...search, rule: "allow" }),
    await run("tools", ana, { ...search, rule: "deny", for: "guild" }),
    await run("tools", mod, { ...search, rule: "deny", for: "channel" }),
    await run("tools", ana, { tool: "web_serch", rule: "deny" }),
    await run("tools", ana),
    await run("tools", ana, { ...search, rule: "default" }),
    await run("tools", ana, { tool: "effect:write" }),
    await run("tools", ana, { tool: "constructor", rule: "deny" }),
  ];
  const proposed = await command("tools").suggest?.["tool"]?.("MAIL", {}, ana);

  expect(said).toEqual([
    "For this server, `send_mail`: default → deny",
    "For this server, `send_mail`: deny → ask an admin",
    "`send_mail` for you here: **ask** (default: ask)\n- this server: ask an admin",
    "For you, `web_search`: default → ask",
    expect.stringMatching(/only be stricter/),
    expect.stringMatching(/may manage this server/),
    expect.stringMatching(/may manage this server/),
    expect.stringMatching(/no tool of that name/),
    expect.stringMatching(/this server, `send_mail`: ask an admin\n- you, `web_search`: ask/),
    "For you, `web_search`: ask → default",
    expect.stringMatching(/no rule for it/),
    expect.stringMatching(/no tool of that name/),
  ]);
  expect(proposed).toEqual([
    { name: "send_mail (default: ask): Sending an e-mail", value: "send_mail" },
  ]);
  expect(told).toHaveLength(2);
  expect(told[1]).toMatch(/changed what tools may do in this server: `send_mail`: deny → ask an a/);
});

test("a rule for a channel that is set in its thread holds in the channel", async () => {
  const { run, admin, place } = scene();
  const { channelId, guildId } = place.conversation;
  const thread = newChannel(guildId ?? undefined).conversation;
  const inThread = { ...admin, conversation: { ...thread, parentId: channelId } };

  await run("tools", inThread, { tool: "*", rule: "ask", for: "channel" });

  expect(await store().toolRules.of(admin.scope, place.conversation)).toMatchObject([
    { holder: "channel", tool: "*", verdict: "ask" },
  ]);
});

test("what a person agreed to for good is taken back by a button, where he agreed to it", async () => {
  const { press, ana, place } = scene();
  const { displayName, userId: id } = ana.scope.principal;
  await hear(store(), place.message(displayName, "hello"));
  for (const audience of [`channel:${place.conversation.id}`, `private:${id}`])
    await store().query(
      "insert into tool_grants (person_id, audience, tool, args_hash) values ($1, $2, 'x', 'x')",
      [id, audience],
    );

  const first = await press("settings-tools-revoke", ana);
  const second = await press("settings-tools-revoke", ana);

  expect(first).toMatchObject({ reply: { text: "Taken back: 1. I ask you again from now on." } });
  expect(second).toMatchObject({
    reply: { text: expect.stringMatching(/nothing here/) as string },
  });
  const left = await store().query("select audience from tool_grants where person_id = $1", [id]);
  expect(left).toEqual([{ audience: `private:${id}` }]);
});

test("/settings role sets what members with a role may cost a day", async () => {
  const { run, ana, mod, admin, told } = scene();
  const [friend, boss] = [newId(), newId()];

  const said = [
    await run("role", mod, { role: friend, dollars: "2" }),
    await run("role", admin, { role: friend, dollars: "much" }),
    await run("role", admin, { role: friend, dollars: "2.50" }),
    await run("role", admin, { role: boss, dollars: "$5" }),
    await run("role", admin),
    await run("role", admin, { role: friend, dollars: "none" }),
    await run("server", admin),
    await run("server", ana),
  ];

  expect(said).toEqual([
    expect.stringMatching(/may manage this server/),
    expect.stringMatching(/for example 2\.50/),
    expect.stringMatching(/none → \$2\.5 a day/),
    expect.stringMatching(/none → \$5 a day/),
    expect.stringMatching(/\$2\.5 a day\n.*\$5 a day\n.*the largest/),
    expect.stringMatching(/\$2\.5 a day → none/),
    expect.stringContaining(`by role: <@&${boss}> $5\n`),
    expect.stringMatching(/may manage this server/),
  ]);
  expect(told).toHaveLength(3);
});

test("two who set budgets of two roles in one moment both have their way, each told for himself", async () => {
  const { run, admin, told } = scene();
  const [friend, boss] = [newId(), newId()];

  await Promise.all([
    run("role", admin, { role: friend, dollars: "2" }),
    run("role", admin, { role: boss, dollars: "5" }),
  ]);
  await run("role", admin, { role: boss, dollars: "6" });

  const all = await run("role", admin);
  expect(all).toContain(`<@&${friend}>: $2 a day`);
  expect(all).toContain(`<@&${boss}>: $6 a day`);
  const mine = (words: string) =>
    expect.stringMatching(new RegExp(`changed this server: ${words}$`)) as string;
  expect(told).toEqual(
    expect.arrayContaining([
      mine(`Dollars a day for <@&${friend}>: not set → \\$2`),
      mine(`Dollars a day for <@&${boss}>: not set → \\$5`),
      mine(`Dollars a day for <@&${boss}>: \\$5 → \\$6`),
    ]),
  );
  expect(told).toHaveLength(3);
});

test("there are so many budgets by role and no more, and one that is there is changed all the same", async () => {
  const { run, admin } = scene();
  const roles = Array.from({ length: 50 }, () => newId());
  for (const role of roles) await run("role", admin, { role, dollars: "1" });

  const beyond = await run("role", admin, { role: newId(), dollars: "1" });
  const again = await run("role", admin, { role: roles[0] ?? "", dollars: "2" });
  await run("role", admin, { role: roles[1] ?? "", dollars: "none" });
  const instead = await run("role", admin, { role: newId(), dollars: "1" });

  expect(beyond).toMatch(/^There are 50 budgets by role already/);
  expect(again).toMatch(/\$1 a day → \$2 a day/);
  expect(instead).toMatch(/none → \$1 a day/);
});

test("who a server told Clara to be is read by everybody there with /clara info, and nowhere else", async () => {
  const { press, admin, ana, told } = scene();
  const about = info({
    info: () => ({
      version: "1",
      models: { high: "a", mid: "b", low: "c" },
      database: "embedded",
    }),
    botName: "Clara",
    messageContent: true,
    startedAt: new Date(0),
    pingMs: () => 1,
    settings: store().settings,
  });
  const before = await about.run({}, ana);

  await press("settings-write", admin, {
    data: { holder: "guild", field: "personality" },
    fields: { value: "You are a pirate." },
  });

  expect(told).toEqual([expect.stringMatching(/changed this server: Personality changed$/)]);
  expect(before).not.toContain("told me who I am");
  expect(await about.run({}, ana)).toContain("> You are a pirate.");
  expect(await about.run({}, scene().ana)).not.toContain("pirate");
});

test("a panel does nothing for who may not (any more)", async () => {
  const { press, ana, told, place } = scene();
  const pressed = (value: string, holder: string) => ({
    data: { holder, field: "retentionDays" },
    values: [value],
    fields: { value: "1" },
  });

  const outcomes = [
    await press("settings-tier", ana, pressed("high", "guild")),
    await press("settings-buttons", ana, pressed("off", "channel")),
    await press("settings-write", ana, pressed("", "guild")),
    await press("settings-log", ana, pressed("1", "guild")),
    await press("settings-no-log", ana, pressed("", "guild")),
    await press("settings-mode", ana, pressed("off", "channel")),
  ];

  const text = expect.stringMatching(/Only people who may manage/) as string;
  expect(outcomes).toMatchObject(outcomes.map(() => ({ kind: "whisper", reply: { text } })));
  expect(told).toEqual([]);
  const set = await store().settings.of(ana.scope, place.conversation);
  expect([set.guild, set.channel]).toEqual([NO_SETTINGS, NO_SETTINGS]);
});

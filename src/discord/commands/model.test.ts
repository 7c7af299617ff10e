import { expect, onTestFinished, test } from "vitest";
import { startFakeDiscord, type Message } from "../../../test/fake-discord/index.ts";
import { commandsAreThere, goOnline } from "../../../test/open-discord.ts";
import { scriptedModel, say } from "../../../test/scripted-model.ts";
import { ask, newChannel, newName } from "../../../test/talk.ts";
import { attempt, turnDeps } from "../../../test/turn-deps.ts";
import { createFakeOutlet } from "../../../test/fake-outlet.ts";
import { createOwnSettings } from "../../agent/own-settings.ts";
import { systemClock } from "../../core/clock.ts";
import { userId } from "../../core/ids.ts";
import type { ModelRequest } from "../../core/model.ts";
import type { Settings } from "../../core/settings.ts";
import { settingsGroup } from "./settings.ts";
import { openEmbeddedStore } from "../../../test/open-test-store.ts";

async function start() {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord[Symbol.asyncDispose]());
  const manager = discord.guild.role("Mod", { permissions: ["ManageChannels"] });
  const boss = discord.guild.role("Boss", { permissions: ["ManageGuild"] });
  const mod = discord.guild.member("mod", { roles: [manager] });
  const admin = discord.guild.member("admin", { roles: [manager, boss] });
  const open = await goOnline(discord);
  await commandsAreThere(discord);
  const says = async (actor: typeof mod, line: string, where = {}): Promise<Message> =>
    (await actor.runs(line, where)).response();
  return { discord, mod, admin, says, ...open };
}

test("/model shows which model answers, and lets each set his own", async () => {
  const { discord, says } = await start();

  const before = await says(discord.ana, "/model status");
  const set = await says(discord.ana, "/model tier tier:high");
  const after = await says(discord.ana, "/model status");
  const elsewhere = await says(discord.ben, "/model status");

  expect(before.content).toMatch(/\*\*mid\*\*: `usual`/);
  expect(set.content).toBe("Set for you: **high**.");
  expect(after.content).toMatch(/\*\*high\*\*: `big`[^]*Set for you: high/);
  expect(elsewhere.content).toMatch(/\*\*mid\*\*/);
});

test("/model for a channel is its managers', for a server its admins', and in a DM nobody's", async () => {
  const { discord, mod, admin, says } = await start();

  const said = [
    await says(discord.ana, "/model tier tier:low for:channel"),
    await says(mod, "/model tier tier:low for:guild"),
    await says(discord.ana, "/model auto auto:on for:channel", { in: discord.ana.dmPlace() }),
    await says(mod, "/model tier tier:low for:channel"),
    await says(admin, "/model auto auto:on for:guild"),
  ].map(({ content }) => content);

  expect(said).toEqual([
    expect.stringMatching(/Only people who may manage channels/),
    expect.stringMatching(/Only people who may manage this server/),
    expect.stringMatching(/servers only/),
    "Set for this channel: **low**.",
    "Set for this server: automatic on.",
  ]);
  expect((await says(discord.ana, "/model status")).content).toMatch(/\*\*low\*\*: `small`/);
});

test("/settings me is a panel whose select and forms set what the person wants", async () => {
  const { discord, says, store } = await start();
  const panel = await says(discord.ana, "/settings me");

  await discord.ana.selects(panel, "Tier", ["high"]);
  await expect.poll(() => panel.content).toMatch(/Tier: high/);
  await discord.ana.submits(await discord.ana.clicks(panel, "Time zone"), {
    value: "asia/jakarta",
  });
  await expect.poll(() => panel.content).toMatch(/Time zone: Asia\/Jakarta/);
  const wrong = await discord.ana.submits(await discord.ana.clicks(panel, "Dollars a day"), {
    value: "much",
  });
  await discord.ana.submits(await discord.ana.clicks(panel, "Language"), { value: "German" });

  await expect.poll(() => panel.content).toMatch(/Language: German/);
  expect((await wrong.followup()).content).toMatch(/for example 2\.50/);
  expect(await store.settings.forgetAll(userId(`discord:${discord.ana.id}`))).toBe(true);
});

test("a panel of a server does nothing for who is no longer its admin", async () => {
  await using store = await openEmbeddedStore();
  const place = newChannel();
  const { actions = [] } = settingsGroup({ ...store, ownSettings: { changed: () => {} } });
  const tier = actions.find(({ name }) => name === "settings-tier");
  if (!tier || !("run" in tier)) throw new Error("There is such an action");

  const outcome = await tier.run(
    { data: { holder: "guild" }, values: ["high"], fields: {} },
    {
      scope: place.scope("ana"),
      conversation: place.conversation,
      isChannelManager: true,
      isGuildAdmin: false,
      isOperator: false,
      isCarried: false,
      locale: "en-US",
      signal: new AbortController().signal,
    },
  );

  expect(outcome).toMatchObject({
    kind: "whisper",
    reply: { text: expect.stringMatching(/may manage this server/) as string },
  });
  const set = await store.settings.of(place.scope("ana"), place.conversation);
  expect(set.guild.tier).toBeNull();
});

test("/usage tells each what he used, and refuses the rest to those who do not keep the place", async () => {
  const { discord, mod, admin, says } = await start();

  const said = [
    await says(discord.ana, "/usage me"),
    await says(discord.ana, "/usage channel"),
    await says(mod, "/usage channel since:month"),
    await says(mod, "/usage members"),
    await says(admin, "/usage members"),
    await says(admin, "/usage jobs"),
  ].map(({ content }) => content);

  expect(said).toEqual([
    expect.stringMatching(/Today: \$0\.0000, 0 answers/),
    expect.stringMatching(/Only people who may manage channels/),
    "Nothing was used in that time.",
    expect.stringMatching(/Only people who may manage this server/),
    "Nothing was used in that time.",
    "Nothing was used in that time.",
  ]);
});

/** A question in a channel with settings, and what the model was asked. */
async function askWith(set: Partial<Settings>) {
  const store = await openEmbeddedStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
  const place = newChannel();
  const name = newName("ana");
  const seen: { tier: string; request: ModelRequest }[] = [];
  const models = {
    byTier: (tier: string) => {
      const model = scriptedModel([say("Yes.")]);
      return {
        ...model,
        stream(request: ModelRequest) {
          seen.push({ tier, request });
          return model.stream(request);
        },
      };
    },
    defaultTier: "mid" as const,
    autoTier: false,
  };
  const outlet = createFakeOutlet({ idPrefix: `${name}-` });
  const ownSettings = createOwnSettings({ settings: store.settings, clock: systemClock });
  await store.settings.change(place.scope(name), place.conversation, "channel", set);
  const turnId = await ask(store, place.message(name, "Well?"));
  const deps = { ...turnDeps({ store, outlet, model: scriptedModel([]) }), models, ownSettings };
  await attempt({ store, deps }, turnId);
  const [first] = seen;
  return { tier: first?.tier, system: first?.request.system[0]?.text };
}

test("a channel's tier, personality and language reach the model", async () => {
  const { tier, system } = await askWith({
    tier: "low",
    personality: "You are {name}, a pirate.",
    language: "German",
  });

  expect(tier).toBe("low");
  expect(system).toMatch(/^You are Clara, a pirate\.[^]*Answer in German/);
});

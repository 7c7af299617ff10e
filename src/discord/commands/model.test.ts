import { expect, onTestFinished, test } from "vitest";
import { startFakeDiscord, type Message } from "../../../test/fake-discord/index.ts";
import { commandsAreThere, goOnline } from "../../../test/open-discord.ts";
import { scriptedModel, say } from "../../../test/scripted-model.ts";
import { ask, newChannel, newName } from "../../../test/talk.ts";
import { attempt, turnDeps } from "../../../test/turn-deps.ts";
import { createFakeOutlet } from "../../../test/fake-outlet.ts";
import { createOwnSettings } from "../../agent/own-settings.ts";
import { systemClock } from "../../core/clock.ts";
import type { FollowUp } from "../../core/follow-up.ts";
import type { ModelRequest } from "../../core/model.ts";
import type { Outlet } from "../../core/outlet.ts";
import type { Settings } from "../../core/settings.ts";
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
  expect(set.content).toBe("Set for you: **high**.\n-# Tier: not set → high");
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
    "Set for this channel: **low**.\n-# Tier: not set → low",
    "Set for this server: automatic on.\n-# Tier: not set → auto",
  ]);
  expect((await says(discord.ana, "/model status")).content).toMatch(/\*\*low\*\*: `small`/);
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
async function askWith(set: Partial<Settings>, own: Partial<Settings> = {}) {
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
  const fake = createFakeOutlet({ idPrefix: `${name}-` });
  const offers: FollowUp[] = [];
  const outlet: Outlet = {
    ...fake,
    send: (at, part, signal) => fake.send(at, (offers.push(...(part.offers ?? [])), part), signal),
    edit: (at, id, part, signal) =>
      fake.edit(at, id, (offers.push(...(part.offers ?? [])), part), signal),
  };
  const ownSettings = createOwnSettings({ settings: store.settings, clock: systemClock });
  await store.settings.change(place.scope(name), place.conversation, "channel", set);
  await store.settings.change(place.scope(name), place.conversation, "person", own);
  const turnId = await ask(store, place.message(name, "Well?"));
  const deps = { ...turnDeps({ store, outlet, model: scriptedModel([]) }), models, ownSettings };
  await attempt({ store, deps }, turnId);
  const [first] = seen;
  return { tier: first?.tier, system: first?.request.system[0]?.text, offers };
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

test("a person's language wins over the channel's, and his wish for no buttons too", async () => {
  const plain = await askWith({ language: "German" });
  const own = await askWith(
    { language: "German", answerButtons: true },
    { language: "French", answerButtons: false },
  );
  const quiet = await askWith({ answerButtons: false });

  expect([plain.system, own.system]).toEqual([
    expect.stringMatching(/Answer in German/),
    expect.stringMatching(/Answer in French/),
  ]);
  expect([plain.offers, own.offers, quiet.offers]).toEqual([
    ["retry", "shorter", "deeper"],
    [],
    [],
  ]);
});

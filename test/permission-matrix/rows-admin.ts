import { noGuilds } from "../../src/core/guild-access.ts";
import { expect } from "vitest";
import { settingsGroup } from "../../src/discord/commands/settings.ts";
import { contextOf } from "../menu-context.ts";
import type { Actor, Place } from "../fake-discord/index.ts";
import { played, type PlayedRow } from "./row.ts";
import type { Scene } from "./scene.ts";

const NOT_ADMIN = /Only people who may manage this server/;
const NO_SERVER = /works in servers only/;

/** A guild's settings as they are. */
async function tierOf({ store, scopeOf, discord }: Scene, who: Actor, place: Place) {
  const { conversation } = contextOf(discord, who, place);
  return (await store.settings.of(scopeOf(who, place), conversation)).guild.tier;
}

/** Every way to set a server's settings: two commands, and the select of a panel that came into somebody's hands. */
async function triesAll(scene: Scene, who: Actor, place: Place) {
  const { runs, store } = scene;
  const panel = await runs(who, "/settings server", place);
  const model = await runs(who, "/model tier tier:low for:guild", place);
  const { actions = [] } = settingsGroup({
    ...store,
    ownSettings: { changed: () => {} },
    modes: { all: () => new Map(), set: async () => {} },
    access: noGuilds,
    tools: () => [],
    guildLog: { tell: () => {}, try: async () => ({ kind: "posted", url: "" }) },
  });
  const tier = actions.find(({ name }) => name === "settings-tier");
  if (!tier || !("run" in tier)) throw new Error("There is such an action");
  const press = { data: { holder: "guild" }, values: ["low"], fields: {} };
  const outcome = await tier.run(press, contextOf(scene.discord, who, place));
  return [panel.content, model.content, JSON.stringify(outcome)];
}

export const ADMIN_ROWS: readonly PlayedRow[] = [
  played([21, "M", "server", "makes a role of the admin role's name", "refused"], async (scene) => {
    const { guild, people, general } = scene;
    const twin = guild.role("Clara-Admin twin");
    twin.name = "Clara-Admin";
    guild.setRoles(people.mod, [scene.roles.keepers, twin]);

    for (const words of await triesAll(scene, people.mod, general))
      expect(words).toMatch(NOT_ADMIN);
    expect(await tierOf(scene, people.mod, general)).toBeNull();
  }),
  played([22, "G", "server", "sets the server's settings", "this server's only"], async (scene) => {
    const { people, general, other, runs } = scene;

    const panel = await runs(people.boss, "/settings server");
    await people.boss.selects(panel, "Tier", ["high"]);

    await expect.poll(() => panel.content).toMatch(/Tier: high/);
    expect(await tierOf(scene, people.boss, general)).toBe("high");
    expect(await tierOf(scene, people.boss, other.channel("general"))).toBeNull();
  }),
  played([23, "G of server 1", "server 2", "the same", "refused"], async (scene) => {
    const { people, other } = scene;
    const place = other.channel("general");

    for (const words of await triesAll(scene, people.boss, place)) expect(words).toMatch(NOT_ADMIN);
    expect(await tierOf(scene, people.boss, place)).toBeNull();
  }),
  played([24, "G", "DM", "the same", "refused, no server"], async (scene) => {
    const { people } = scene;

    for (const words of await triesAll(scene, people.boss, people.boss.dmPlace()))
      expect(words).toMatch(NO_SERVER);
  }),
  played(
    [25, "G", "server without her, on G's own account", "the same", "refused"],
    async (scene) => {
      const { people, foreign, runs, store } = scene;
      people.ana.installsApp();

      const panel = await runs(people.ana, "/settings server", foreign);
      const model = await runs(people.ana, "/model tier tier:low for:guild", foreign);
      const usage = await runs(people.ana, "/usage members", foreign);

      for (const { content } of [panel, model, usage]) expect(content).toMatch(NO_SERVER);
      const kept = await store.query("select 1 from preferences as row where row::text like $1", [
        `%${foreign.channel.guildId}%`,
      ]);
      expect(kept).toEqual([]);
    },
  ),
  played([26, "O", "server and DM", "sets her up", "allowed"], async (scene) => {
    const { people, runs } = scene;

    for (const place of [scene.general, people.operator.dmPlace()])
      expect((await runs(people.operator, "/clara setup", place)).content).toMatch(/is set up/);
  }),
  played([27, "X with O's name", "server and DM", "sets her up", "refused"], async (scene) => {
    const { guild, people, runs } = scene;
    const double = guild.member("double");
    Object.assign(double.user, { username: people.operator.user.username });

    for (const place of [scene.general, double.dmPlace()])
      expect((await runs(double, "/clara setup", place)).content).toMatch(/Only the owner/);
    Object.assign(double.user, { username: "double" });
  }),
];

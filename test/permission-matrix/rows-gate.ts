import { expect } from "vitest";
import { played, playedListed, type PlayedRow } from "./row.ts";

export const GATE_ROWS: readonly PlayedRow[] = [
  playedListed([13, "X", "DM", "is blocked, and writes", "nothing"], async (scene) => {
    const blocked = scene.guild.member("blocked");
    const message = await blocked.dm("hello");

    expect(await scene.saysInVain(message, blocked.dmPlace())).toBe("blocked");
    const shown = await scene.runs(blocked, "/memory list", blocked.dmPlace());
    expect(shown.content).toMatch(/do not answer you/);
    const kept = await scene.store.query("select 1 from messages where author_id = $1", [
      `discord:${blocked.id}`,
    ]);
    expect(kept).toEqual([]);
  }),
  playedListed([14, "X", "server that is not listed", "mentions", "nothing"], async (scene) => {
    const { other, people } = scene;
    const place = other.channel("general");
    const message = await people.ben.says("@Clara hello", { in: place });

    expect(await scene.saysInVain(message, place)).toBe("channel-not-allowed");
    const shown = await scene.runs(people.ben, "/memory list", place);
    expect(shown.content).toMatch(/not at work/);
    expect(await people.ben.types("/memory forget", "id", "", { in: place })).toEqual([]);
  }),
  playedListed([15, "B", "channel that is not listed", "mentions", "nothing"], async (scene) => {
    const { guild, people } = scene;
    const place = guild.channel("elsewhere");
    guild.setRoles(people.ben, [scene.roles.talkers]);
    const message = await people.ben.says("@Clara hello", { in: place });

    expect(await scene.saysInVain(message, place)).toBe("channel-not-allowed");
    expect((await scene.runs(people.ben, "/model status", place)).content).toMatch(/not at work/);
  }),
  playedListed(
    [16, "B", "server", "lacks the role", "no answer; told why by command"],
    async (scene) => {
      const { guild, people, runs } = scene;
      guild.setRoles(people.ben, []);
      const message = await people.ben.says("@Clara hello");

      expect(await scene.saysInVain(message)).toBe("role-missing");
      expect((await runs(people.ben, "/memory list")).content).toMatch(/need a role/);
      expect((await runs(people.ben, "/clara doctor")).content).toMatch(/DISCORD_ALLOWED_ROLES/);
      expect(await people.ben.types("/memory forget", "id", "")).toEqual([]);
    },
  ),
  playedListed([17, "B", "server", "loses the role", "no answer from then on"], async (scene) => {
    const { guild, people, asks, runs, presses } = scene;
    guild.setRoles(people.ben, [scene.roles.talkers]);
    await asks(people.ben, "hello");
    const panel = await runs(people.ben, "/settings me");
    guild.setRoles(people.ben, []);
    const message = await people.ben.says("@Clara hello again");

    expect(await scene.saysInVain(message)).toBe("role-missing");
    expect(await presses(people.ben, panel, "Language")).toMatch(/need a role/);
  }),
  played([18, "B", "server", "is timed out, and presses a button", "refused"], async (scene) => {
    const { guild, people, runs, presses } = scene;
    const panel = await runs(people.ben, "/settings me");
    guild.timeOut(people.ben, 60_000);

    expect(await presses(people.ben, panel, "Language")).toMatch(/timed out/);
    guild.timeOut(people.ben, 0);
  }),
  played([28, "webhook named as O", "server", "gives an order", "ignored"], async (scene) => {
    const message = scene.general.webhookSays("owner-of-home", "@Clara setup");
    const called = scene.general.webhookSays("owner-of-home", `<@${scene.discord.bot.id}> setup`);

    expect(await scene.saysInVain(message)).toBe("webhook");
    expect(await scene.saysInVain(called)).toBe("webhook");
  }),
  played(
    [29, "another bot", "server", "mentions her again and again", "ignored"],
    async (scene) => {
      const bot = scene.discord.otherBot("parrot");
      const messages = [
        await bot.says("@Clara hello"),
        await bot.says("@Clara hello?"),
        await bot.says("@Clara hello!"),
      ];

      for (const message of messages) expect(await scene.saysInVain(message)).toBe("bot");
    },
  ),
  // The last of those in an open house: it closes it.
  played([19, "B", "DM", "is shut out, and presses an old button", "refused"], async (scene) => {
    const blocked = scene.guild.member("blocked");
    const panel = await scene.runs(blocked, "/settings me", blocked.dmPlace());

    await scene.isUnder("listed");

    expect(await scene.presses(blocked, panel, "Language")).toMatch(/do not answer you/);
  }),
];

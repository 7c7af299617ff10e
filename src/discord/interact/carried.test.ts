import { expect, test } from "vitest";
import { tablesWith } from "../../../test/tables-with.ts";
import { startFakeDiscord, type Actor, type Place } from "../../../test/fake-discord/index.ts";
import { beginDiscord, commandsAreThere } from "../../../test/open-discord.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { userId } from "../../core/ids.ts";

/** Ana took Clara along to a server that is Ana's own, where Clara is not, and to a group with Ben. */
async function open() {
  await using opening = new AsyncDisposableStack();
  const discord = opening.use(await startFakeDiscord());
  const away = discord.server("Away");
  const boss = away.role("Boss", { permissions: ["ManageGuild", "ManageChannels"] });
  away.member("ana", { roles: [boss] });
  const foreign = away.channel("secret-plans");
  away.kick(discord.bot);
  const group = discord.group("friends", [discord.ana, discord.ben]);
  discord.ana.installsApp();
  const store = opening.use(await openEmbeddedStore());
  const clara = beginDiscord(discord, { adminRoleId: boss.id }, store);
  opening.defer(async () => void (await clara.stop()));
  await commandsAreThere(discord);
  const asks = async (who: Actor, line: string, where: Place) => {
    const handle = await who.runs(line, { in: where });
    const { content } = await handle.response();
    return { content, isEphemeral: handle.isEphemeral, handle };
  };
  const all = opening.move();
  return {
    discord,
    away,
    foreign,
    group,
    asks,
    store,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

const scene = share(open);

test("what makes sense anywhere is offered on a person's account, and nothing else is", async () => {
  const { discord } = scene();

  const [put] = discord.journal.rest({ method: "PUT" });
  const body = put?.body as readonly Record<string, unknown>[];
  const offered = Object.groupBy(body, ({ contexts, integration_types: types }) =>
    JSON.stringify([contexts, types]),
  );
  const names = (where: string) => offered[where]?.map(({ name }) => name);

  expect(names("[[0,1,2],[0,1]]")).toEqual([
    "clara",
    "model",
    "usage",
    "settings",
    "remind",
    "memory",
    "Remind me",
    "Remember this",
  ]);
  expect(names("[[0],[0]]")).toEqual(["poll"]);
  expect(names("[[0,1],[0]]")).toEqual([
    "catchup",
    "skills",
    "Explain why",
    "Ask about this",
    "Summarise from here",
    "What do you know that I may see",
  ]);
});

test("in a server where Clara is not, one's rights there are nothing to her, and the answer is one's own", async () => {
  const { discord, foreign, asks, store } = scene();

  const said = [
    await asks(discord.ana, "/settings server", foreign),
    await asks(discord.ana, "/settings channel", foreign),
    await asks(discord.ana, "/model tier tier:low for:guild", foreign),
    await asks(discord.ana, "/model tier tier:low for:channel", foreign),
    await asks(discord.ana, "/clara channel mode:active", foreign),
    await asks(discord.ana, "/usage server", foreign),
    await asks(discord.ana, "/clara doctor where:server", foreign),
  ];
  const own = await asks(discord.ana, "/model tier tier:low", foreign);

  expect(said.map(({ content }) => content)).toEqual(
    said.map(() => expect.stringMatching(/^This works in servers only/)),
  );
  expect([...said, own].every(({ isEphemeral }) => isEphemeral)).toBe(true);
  expect(own.content).toBe("Set for you: **low**.\n-# Tier: not set → low");
  expect(foreign.fromBot()).toEqual([]);
  expect(await store.settings.forgetAll(userId(`discord:${discord.ana.id}`))).toBe(true);
});

test("nothing is kept under that server or group: a reminder and a memory are the person's own, in private", async () => {
  const { discord, away, foreign, group, asks, store } = scene();
  const said = await discord.ana.says("The cake is a lie", { in: foreign });

  await asks(discord.ana, "/remind me when:tomorrow at 9 what:the canary cake", group);
  const menu = await discord.ana.usesMenu("Remember this", said);
  await menu.response();
  const kept = await asks(discord.ana, "/memory list", group);
  const inPrivate = await asks(discord.ana, "/memory list", discord.ana.dmPlace());
  const bens = await asks(discord.ben, "/memory list", discord.ben.dmPlace());

  expect(kept.content).toContain("The cake is a lie");
  expect(inPrivate.content).toContain("The cake is a lie");
  expect(bens.content).not.toContain("The cake is a lie");
  expect(await tablesWith(store, "canary cake")).toEqual(["public.reminders"]);
  expect(await tablesWith(store, away.id)).toEqual([]);
  expect(await tablesWith(store, foreign.id)).toEqual([]);
  expect(await tablesWith(store, group.id)).toEqual([]);
});

test("who did not install her cannot run her in a group, and who presses another's button gets nothing of it", async () => {
  const { discord, group, asks } = scene();

  const { handle } = await asks(discord.ana, "/settings me", group);
  const form = discord.ana.clicks(await handle.response(), "Language");
  const forged = await discord.ben.submits(await form, { value: "German" });

  await expect(discord.ben.runs("/memory list", { in: group })).rejects.toThrow("not offered here");
  expect((await forged.followup()).content).toMatch(/Only the person who asked/);
});

test("what needs her to be there is refused where she is not, whatever Discord offered", async () => {
  const { discord, foreign, asks } = scene();
  const { apiBase, token, bot } = discord;
  const [put] = discord.journal.rest({ method: "PUT" });
  const all = put?.body as readonly Record<string, unknown>[];
  const wide = all.map((each) => ({ ...each, contexts: [0, 1, 2], integration_types: [0, 1] }));
  await fetch(`${apiBase}/v10/applications/${bot.id}/commands`, {
    method: "PUT",
    headers: { authorization: `Bot ${token}`, "content-type": "application/json" },
    body: JSON.stringify(wide),
  });
  const said = await discord.ana.says("What was decided?", { in: foreign });

  const summary = await discord.ana.usesMenu("Summarise from here", said);
  const catchUp = await asks(discord.ana, "/catchup here", foreign);
  const poll = await asks(discord.ana, "/poll start question:Q answers:a;b", foreign);

  expect((await summary.response()).content).toMatch(/needs me to be in this place/);
  expect(catchUp.content).toMatch(/needs me to be in this place/);
  expect(poll.content).toMatch(/needs me to be in this place/);
  expect(discord.journal.rest({ route: "/channels/:channelId/messages" })).toEqual([]);
});

import { PermissionFlagsBits as Bit } from "discord-api-types/v10";
import { expect, test } from "vitest";
import { startFakeDiscord, type Actor, type Message } from "../../../test/fake-discord/index.ts";
import { contextOf } from "../../../test/menu-context.ts";
import { beginDiscord, commandsAreThere } from "../../../test/open-discord.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import type { BudgetLeft } from "../../core/asker.ts";
import type { Settings } from "../../core/settings.ts";
import { NEEDED_BITS } from "../needed-rights.ts";
import { placeLines, serverLines } from "./doctor-rights.ts";

const HOUR_MS = 3_600_000;
const left = (holder: BudgetLeft["limit"]["holder"], spent: number): BudgetLeft => ({
  limit: { holder, unit: "usd", limit: 2 },
  spent,
  resetsInMs: 5 * HOUR_MS,
});

let budgets: readonly BudgetLeft[] = [];

/** A server where Clara lacks what everybody lacks, and channels that take more. */
async function open() {
  await using opening = new AsyncDisposableStack();
  const discord = opening.use(await startFakeDiscord());
  const { guild } = discord;
  guild.everyone.permissions &= ~(Bit.EmbedLinks | Bit.SendPolls);
  const own = guild.role("Clara's", { permissions: ["ManageMessages"] });
  const staff = guild.role("Staff");
  guild.setRoles(discord.bot, [own]);
  guild.setRoles(discord.ana, [staff]);
  const boss = guild.role("Boss", { permissions: ["ManageGuild"] });
  const mods = guild.role("Mods", { permissions: ["ManageMessages", "ManageChannels"] });
  const admin = guild.member("admin", { roles: [boss] });
  const mod = guild.member("mod", { roles: [staff, mods] });
  const blocked = guild.member("blocked");
  const [muted, hidden] = [guild.channel("muted"), guild.channel("hidden")];
  muted.deny(guild.everyone, "AttachFiles");
  muted.deny(own, "SendMessages");
  hidden.deny(guild.everyone, "ViewChannel");
  const store = opening.use(await openEmbeddedStore());
  const clara = beginDiscord(
    discord,
    {
      allowedChannels: new Set([discord.general.id, muted.id]),
      allowedRoles: new Set([staff.id, boss.id]),
      blockedUsers: new Set([blocked.id]),
    },
    store,
    { budgetsLeft: async () => budgets },
  );
  opening.defer(async () => void (await clara.stop()));
  await commandsAreThere(discord);
  const asks = async (who: Actor, line = "", where = discord.general): Promise<Message> => {
    const handle = await who.runs(`/clara doctor ${line}`.trim(), { in: where });
    const answer = await handle.response();
    expect(handle.isEphemeral).toBe(true);
    return answer;
  };
  const all = opening.move();
  return {
    discord,
    admin,
    mod,
    blocked,
    muted,
    hidden,
    asks,
    store,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

const scene = share(open);

const urlIn = ({ components }: Message): URL | null => {
  const [found] = JSON.stringify(components).match(/https:[^"]+/) ?? [];
  return found === undefined ? null : new URL(found);
};

test("what no role gives is named with what it costs, and one link adds just that, in this server", async () => {
  const { discord, asks } = scene();

  const answer = await asks(discord.ana);
  const url = urlIn(answer);

  expect(answer.content).toMatch(/⚠️ \*\*Embed Links\*\* is missing\. Links in my answers show no/);
  expect(answer.content).toMatch(/⚠️ \*\*Create Polls\*\* is missing/);
  expect(answer.content).not.toMatch(/\*\*Send Messages\*\*|\*\*View Channels\*\*/);
  expect(url?.searchParams.get("permissions")).toBe(String(Bit.EmbedLinks | Bit.SendPolls));
  expect(url?.searchParams.get("guild_id")).toBe(discord.guild.id);
  expect(url?.searchParams.get("client_id")).toBe(discord.bot.id);
});

test("what a channel takes is named with whom it takes it from and where to change it, for no link can", async () => {
  const { discord, asks, muted } = scene();

  const answer = await asks(discord.ana, "", muted);
  const { content } = answer;

  expect(content).toMatch(/❌ \*\*Send Messages\*\*[^\n]*\n→ No link can give it: in <#\d+> it is/);
  expect(content).toMatch(/switched off for the role <@&\d+>[^\n]*Permissions → Advanced/);
  expect(content).toMatch(/❌ \*\*Attach Files\*\*[^\n]*\n[^\n]*switched off for everybody/);
  const asked = urlIn(answer)?.searchParams.get("permissions");
  expect(asked).toBe(String(Bit.EmbedLinks | Bit.SendPolls));
});

test("intent, mode, who may talk, model and budgets stand beside the rights", async () => {
  budgets = [left("person", 0.5), left("guild", 1), left("everyone", 2)];
  const { discord, asks } = scene();

  const { content } = await asks(discord.ana);

  expect(content).toMatch(/✅ Message Content/);
  expect(content).toMatch(/set to \*\*mention\*\*/);
  expect(content).toMatch(/✅ You may talk to me here/);
  expect(content).toMatch(/✅ The model that answers: `usual`/);
  expect(content).toMatch(/✅ Your budget today: \$0\.50 of \$2\.00/);
  expect(content).toMatch(/❌ The budget of everybody together for today is used up/);
  expect(content).not.toMatch(/budget of this server/);
});

test("whom the gate keeps out is told why and what helps, and no more; who is blocked not even that", async () => {
  const { discord, admin, asks, blocked, hidden } = scene();

  const out = await asks(discord.ben);
  const elsewhere = await asks(admin, "", discord.guild.channel("lobby"));
  const closed = await asks(blocked);

  expect(out.content).toBe(
    "❌ You need a role that may talk to me. Ask whoever runs this server.\n→ Ask whoever runs this server for one of them (`DISCORD_ALLOWED_ROLES`).",
  );
  expect(elsewhere.content).toMatch(/Embed Links[^]*❌ I am not at work in this channel/);
  expect(closed.content).toBe("Whoever runs me has decided that I do not answer you.");
  expect(elsewhere.content).not.toContain(hidden.id);
});

test("the server as a whole is its admins', and names only channels that they see", async () => {
  const { discord, admin, asks, muted, hidden } = scene();
  budgets = [left("guild", 1)];

  const refused = await asks(discord.ana, "where:server");
  const { content, components } = await asks(admin, "where:server");

  expect(refused.content).toMatch(/Only people who may manage this server/);
  expect(content).toMatch(
    new RegExp(`<#${muted.id}>: Send Messages \\(by the channel\\), Attach Files \\(by the`),
  );
  expect(content).not.toContain(hidden.id);
  expect(content).toMatch(/The budget of this server today: \$1\.00 of \$2\.00/);
  expect(JSON.stringify(components)).toMatch(/permissions=\d+/);
});

test("the tier that answers this person here is the one that is named", async () => {
  const { discord, asks, store } = scene();
  const context = contextOf(discord, discord.ana);
  const set = (change: Partial<Settings>) =>
    store.settings.change(context.scope, context.conversation, "person", change);

  await set({ tier: "high" });
  const high = await asks(discord.ana);
  await set({ tier: null, autoTier: true });
  const auto = await asks(discord.ana);
  await set({ autoTier: null });

  expect(high.content).toMatch(/✅ The model that answers: `big`/);
  expect(auto.content).toMatch(/✅ A small call chooses.*`big`, `usual` or `small`/);
});

test("a budget of a channel is its managers' to know, a server's its admins', in the doctor's words, too", async () => {
  budgets = [left("channel", 1), left("guild", 1)];
  const { mod, asks } = scene();

  const { content } = await asks(mod);

  expect(content).toMatch(/The budget of this channel today: \$1\.00 of \$2\.00/);
  expect(content).not.toMatch(/budget of this server/);
});

test("while she is timed out, that comes first, and nothing of rights is said to be well", () => {
  const rights = {
    guildId: "1",
    ownerId: "2",
    ofRole: () => NEEDED_BITS,
    overwriteOf: () => undefined,
  };
  const placeOf = (timedOut: boolean) => ({
    channelId: "3",
    rulingId: "3",
    isThread: false,
    rights,
    self: { userId: "4", roleIds: [], timedOut },
  });
  const reader = { userId: "5", roleIds: [], timedOut: false };
  const [asleep, awake] = [placeOf(true), placeOf(false)];

  const timedOut = /^❌ \*\*I am timed out\*\*/;
  for (const [first, ...more] of [placeLines(asleep), serverLines([asleep], reader)]) {
    expect(first).toMatch(timedOut);
    expect(more.join("\n")).not.toContain("✅");
  }
  expect(placeLines(awake)[0]).toMatch(/^✅ I have every right/);
  expect(serverLines([awake], reader)).toEqual([expect.stringMatching(/^✅ In all 1 channels/)]);
});

test("in private there are no rights to lack", async () => {
  const { discord, asks } = scene();

  const { content, components } = await asks(discord.ana, "", discord.ana.dmPlace());

  expect(content).toMatch(/How I am in private[^]*The model that answers/);
  expect(content).not.toMatch(/is missing/);
  expect(components).toEqual([]);
});

test("an invitation asks for what she uses, and for nothing that she has no use for", () => {
  expect(NEEDED_BITS & Bit.AddReactions).toBe(0n);
  expect(NEEDED_BITS & Bit.Administrator).toBe(0n);
  expect(NEEDED_BITS & Bit.EmbedLinks).toBe(Bit.EmbedLinks);
});

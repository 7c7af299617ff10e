import { PermissionFlagsBits as Bit } from "discord-api-types/v10";
import { expect, test } from "vitest";
import { startFakeDiscord, type Actor, type Message } from "../../../test/fake-discord/index.ts";
import { beginDiscord, commandsAreThere } from "../../../test/open-discord.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import type { BudgetLeft } from "../../core/asker.ts";
import { NEEDED_BITS } from "../needed-rights.ts";

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
  const admin = guild.member("admin", { roles: [boss] });
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
    blocked,
    muted,
    hidden,
    asks,
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

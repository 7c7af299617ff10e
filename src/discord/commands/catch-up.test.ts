import { ChannelType } from "discord-api-types/v10";
import { expect, onTestFinished, test } from "vitest";
import { createFakeAsker, type FakeAsker } from "../../../test/fake-asker.ts";
import { startFakeDiscord } from "../../../test/fake-discord/index.ts";
import { contextOf, runs } from "../../../test/menu-context.ts";
import { commandsAreThere, goOnline } from "../../../test/open-discord.ts";
import type { Asker } from "../../core/asker.ts";
import type { DiscordOptions } from "../index.ts";

const demo: Asker = {
  isAble: false,
  maxChars: 10_000,
  ask: async () => {
    throw new Error("The demo model is not asked");
  },
};

async function start(asker: Asker | FakeAsker = demo, change: Partial<DiscordOptions> = {}) {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord[Symbol.asyncDispose]());
  const open = await goOnline(discord, change, null, { asker });
  /** Discord's client has seen everything that was said so far. */
  const caughtUp = async () => {
    await discord.ben.says("the last one", { in: discord.guild.channel("end") });
    await open.witness.until(/hear .*the last one/);
  };
  return { discord, caughtUp, ...open };
}

test("/catchup all tells of the channels that the asker can see, and of no others", async () => {
  const { discord, clara, caughtUp } = await start();
  const secret = discord.guild.channel("secret");
  secret.deny(discord.guild.everyone, "ViewChannel");
  secret.allow(discord.ben, "ViewChannel");
  secret.allow(discord.bot, "ViewChannel");
  const mute = discord.guild.channel("no-history");
  mute.deny(discord.ana, "ReadMessageHistory");
  await discord.ben.says("a canary", { in: secret });
  await discord.ben.says("another canary", { in: mute });
  const first = await discord.ben.says("hello there");
  await discord.ben.says("and again");
  await caughtUp();

  const ana = await runs(clara, "catchup all", {}, contextOf(discord, discord.ana));
  const ben = await runs(
    clara,
    "catchup all",
    { hours: "2" },
    contextOf(discord, discord.person("carl")),
  );

  expect(ana).toContain(
    `<#${discord.general.id}>** [2 messages](<https://discord.com/channels/${discord.guild.id}/${discord.general.id}/${first.id}>)`,
  );
  expect([ana, ben].join()).not.toContain(secret.id);
  expect(ana).not.toContain(mute.id);
  expect(ben).toContain(mute.id);
  expect(ana).toMatch(/demo model/);
});

test("/catchup all leaves private threads and age-restricted channels out, unless it is asked there", async () => {
  const { discord, clara, caughtUp } = await start();
  const adult = discord.guild.channel("adult", { nsfw: true });
  await discord.ben.says("something", { in: adult });
  const thread = await discord.ben.opensThread(discord.general, "ours", { private: true });
  await discord.ben.letsIn(thread, discord.bot);
  await discord.ben.says("a canary", { in: thread });
  await caughtUp();

  const fromGeneral = await runs(clara, "catchup all", {}, contextOf(discord, discord.ana));
  const fromThread = await runs(clara, "catchup all", {}, contextOf(discord, discord.ana, thread));

  expect(fromGeneral).not.toContain(thread.id);
  expect(fromGeneral).not.toContain(adult.id);
  expect(fromThread).toContain(thread.id);
});

test("/catchup all begins where the asker last wrote", async () => {
  const { discord, clara, witness, caughtUp } = await start();
  await discord.ben.says("old news");
  await discord.ana.says("I am off");
  await witness.until(/hear .*I am off/);
  const news = await discord.ben.says("fresh news");
  await caughtUp();

  const text = await runs(clara, "catchup all", {}, contextOf(discord, discord.ana));

  expect(text).toContain(
    `[1 message](<https://discord.com/channels/${discord.guild.id}/${discord.general.id}/${news.id}>)`,
  );
});

test("/catchup all is told in a model's words, each channel with its own links only", async () => {
  const asker = createFakeAsker(
    "Here you are.\n## 2\n- Tea at four [[2]] [[1]]\n## 1\n- The last one [[1]]\n## 7\n- Made up",
  );
  const { discord, clara, caughtUp } = await start(asker);
  const tea = await discord.ben.says("tea at four");
  await caughtUp();

  const text = await runs(clara, "catchup all", {}, contextOf(discord, discord.ana));

  const [question] = asker.questions;
  expect(question?.text).toMatch(/^The person who asks: ana/);
  expect(question?.text).toContain("## 1\n<messages>\n(#end)\n1 [ben");
  expect(text).toMatch(new RegExp(`- Tea at four \\[↗\\]\\(<[^>]*/${tea.id}>\\)\\n?`));
  expect(text).not.toMatch(/Here you are|Made up/);
  expect(text.indexOf("The last one")).toBeLessThan(text.indexOf("Tea at four"));
});

test("/catchup all falls back on counts and links when the model fails", async () => {
  const { discord, clara, caughtUp } = await start(
    createFakeAsker({ kind: "trouble", problem: "timeout" }),
  );
  await discord.ben.says("tea at four");
  await caughtUp();

  const text = await runs(clara, "catchup all", {}, contextOf(discord, discord.ana));

  expect(text).toMatch(/\[1 message\]/);
  expect(text).toMatch(/took too long/);
});

test("/catchup all keeps to where Clara is at work", async () => {
  const { discord, clara, caughtUp } = await start();
  const role = discord.guild.role("Boss", { permissions: ["ManageChannels"] });
  const boss = discord.guild.member("boss", { roles: [role] });
  const off = discord.guild.channel("off");
  await discord.ben.says("quiet, please", { in: off });
  await caughtUp();
  await commandsAreThere(discord);
  const context = contextOf(discord, discord.ana);

  const before = await runs(clara, "catchup all", {}, context);
  await (await boss.runs("/clara channel mode:off", { in: off })).response();
  const after = await runs(clara, "catchup all", {}, context);

  expect(before).toContain(off.id);
  expect(after).not.toContain(off.id);
});

test("/catchup here tells of this channel alone, and works in a DM", async () => {
  const { discord, clara, caughtUp } = await start();
  const other = discord.guild.channel("other");
  await discord.ben.says("elsewhere", { in: other });
  await discord.ben.says("here");
  await caughtUp();

  const here = await runs(clara, "catchup here", {}, contextOf(discord, discord.ana));
  const dm = await runs(
    clara,
    "catchup here",
    {},
    contextOf(discord, discord.ana, discord.ana.dmPlace()),
  );
  const all = await runs(
    clara,
    "catchup all",
    {},
    contextOf(discord, discord.ana, discord.ana.dmPlace()),
  );

  expect(here).toContain(discord.general.id);
  expect(here).not.toContain(other.id);
  expect(dm).toMatch(/Nothing new/);
  expect(all).toMatch(/servers only/);
});

test("/catchup reads a bounded number of channels, and says what it left out", async () => {
  const { discord, clara, caughtUp } = await start();
  for (let index = 0; index < 17; index++)
    await discord.ben.says("hi", {
      in: discord.guild.channel(`c${index}`, { type: ChannelType.GuildText }),
    });
  await caughtUp();

  const text = await runs(clara, "catchup all", {}, contextOf(discord, discord.ana));

  expect(text.match(/\[1 message\]/g)).toHaveLength(15);
  expect(text).toMatch(/3 more channels with something new/);
});

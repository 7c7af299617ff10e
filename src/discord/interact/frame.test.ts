import { MessageFlags } from "discord-api-types/v10";
import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { expect, onTestFinished, test } from "vitest";
import { startFakeDiscord, type Message } from "../../../test/fake-discord/index.ts";
import { commandsAreThere, goOnline } from "../../../test/open-discord.ts";
import { openEmbeddedStore } from "../../../test/open-test-store.ts";
import { defineAction, defineFormAction } from "../commands/define-action.ts";
import { defineCommand, defineGroup, type CommandContext } from "../commands/define-command.ts";
import { defineMenu } from "../commands/define-menu.ts";
import type { Reply } from "../commands/reply.ts";

const LONG = Array.from({ length: 120 }, (_, line) => `${line}: ${"word ".repeat(8)}`).join("\n");

/** A group of every kind of thing, and what was asked of it. */
function exercise() {
  const seen: string[] = [];
  const who = ({ isOperator, isGuildAdmin, isChannelManager }: CommandContext) =>
    [isOperator && "operator", isGuildAdmin && "admin", isChannelManager && "manager"]
      .filter(Boolean)
      .join(" ");
  const counter = (count: number): Reply => ({
    text: `Count ${count}`,
    rows: [
      [
        { kind: "button", label: "More", action: "test-more", data: { count } },
        { kind: "button", label: "Write", action: "test-write", data: { count } },
        { kind: "button", label: "Break", action: "test-break", data: {} },
      ],
      [
        {
          kind: "select",
          placeholder: "Choose",
          action: "test-choose",
          data: {},
          from: Array.from({ length: 40 }, (_, index) => ({
            name: `n${index}`,
            value: `v${index}`,
          })),
        },
      ],
    ],
  });
  const text = (name: string) => ({
    type: ApplicationCommandOptionType.String as const,
    name,
    description: name,
    required: false,
  });
  const group = defineGroup({
    name: "test",
    description: "Everything that the frame can do",
    commands: [
      defineCommand({
        name: "count",
        description: "A reply with controls",
        options: [],
        run: async () => counter(0),
      }),
      defineCommand({
        name: "long",
        description: "More than a message",
        options: [],
        run: async () => ({ text: LONG }),
      }),
      defineCommand({
        name: "who",
        description: "Who I am",
        options: [],
        run: async (_, context) => who(context) || "nobody",
      }),
      defineCommand({
        name: "broken",
        description: "Throws",
        options: [],
        run: () => Promise.reject(new Error("a stack trace with a secret")),
      }),
      defineCommand({
        name: "city",
        description: "Proposes",
        options: [{ ...text("city"), autocomplete: true }],
        suggest: {
          city: async (typed) =>
            typed === "x"
              ? Promise.reject(new Error("no"))
              : Array.from({ length: 30 }, (_, index) => ({
                  name: `${typed}-${index} ${"long".repeat(40)}`,
                  value: `${typed}-${index}`,
                })),
        },
        run: async ({ city = "none" }) => `City ${city}`,
      }),
    ],
    actions: [
      defineAction({
        name: "test-more",
        async run({ data }) {
          seen.push(`more ${JSON.stringify(data["count"])}`);
          return { kind: "replace", reply: counter(Number(data["count"]) + 1) };
        },
      }),
      defineAction({
        name: "test-choose",
        run: async ({ values }) => ({ kind: "whisper", reply: { text: `Chose ${values.join()}` } }),
      }),
      defineFormAction({
        name: "test-write",
        form: ({ data }) => ({
          title: "A form",
          fields: [{ name: "words", label: "Your words", style: "long", isRequired: true }],
          action: "test-written",
          data,
        }),
      }),
      defineAction({
        name: "test-written",
        run: async ({ data, fields }) => ({
          kind: "replace",
          reply: { text: `Wrote ${fields["words"] ?? ""} at ${JSON.stringify(data["count"])}` },
        }),
      }),
      defineAction({
        name: "test-break",
        run: () => Promise.reject(new Error("a stack trace with a secret")),
      }),
    ],
  });
  const person = defineMenu({
    on: "person",
    name: "Who is it",
    run: async ({ userId }) => ({ kind: "replace", reply: { text: userId } }),
  });
  return { seen, more: { groups: [group], menus: [person] } };
}

async function start() {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord[Symbol.asyncDispose]());
  const { seen, more } = exercise();
  const open = await goOnline(discord, {}, null, more);
  await commandsAreThere(discord);
  return { discord, seen, ...open };
}

const isEphemeral = ({ flags }: Message) => (flags & MessageFlags.Ephemeral) !== 0;

test("a button does its work and takes the place of what was there, for the one who asked", async () => {
  const { discord, seen } = await start();
  const shown = await (await discord.ana.runs("/test count")).response();

  await discord.ana.clicks(shown, "More");
  await expect.poll(() => shown.content).toBe("Count 1");
  await discord.ana.clicks(shown, "More");

  await expect.poll(() => shown.content).toBe("Count 2");
  expect(seen).toEqual(["more 0", "more 1"]);
  expect(isEphemeral(shown)).toBe(true);
});

test("pressed twice at once, an action runs once, and nobody sees an error", async () => {
  const { discord, seen } = await start();
  const shown = await (await discord.ana.runs("/test count")).response();

  const presses = await Promise.all([
    discord.ana.clicks(shown, "More"),
    discord.ana.clicks(shown, "More"),
  ]);
  await Promise.all(presses.map((press) => press.acknowledged()));
  await expect.poll(() => shown.content).toBe("Count 1");

  expect(seen).toEqual(["more 0"]);
});

test("a control still works after a restart", async () => {
  const { discord, store, stop } = await start();
  const shown = await (await discord.ana.runs("/test count")).response();
  await stop();
  await goOnline(discord, {}, store, exercise().more);

  await discord.ana.clicks(shown, "More");

  await expect.poll(() => shown.content).toBe("Count 1");
});

test("a control of another person, and one that is too old, say so", async () => {
  const { discord, store } = await start();
  const shown = await (await discord.ana.runs("/test count")).response();
  await store.query("update components set owner = 'discord:1'");
  const foreign = await discord.ana.clicks(shown, "More");
  const refused = await foreign.followup();
  await store.query("update components set expires_at = now() - interval '1 s'");
  const old = await discord.ana.clicks(shown, "More");

  expect(refused.content).toMatch(/Only the person who asked/);
  expect((await old.followup()).content).toMatch(/earlier version/);
});

test("a select takes at most 25 choices to Discord, and gives what was chosen", async () => {
  const { discord } = await start();
  const shown = await (await discord.ana.runs("/test count")).response();

  const chosen = await discord.ana.selects(shown, "Choose", ["v7"]);

  expect((await chosen.followup()).content).toBe("Chose v7");
});

test("a form opens at once, and what is written comes back with its data", async () => {
  const { discord } = await start();
  const shown = await (await discord.ana.runs("/test count")).response();

  const opened = await discord.ana.clicks(shown, "Write");
  await discord.ana.submits(opened, { words: "grüße" });

  await expect.poll(() => shown.content).toBe("Wrote grüße at 0");
});

test("more than a message has pages that go on and back", async () => {
  const { discord } = await start();
  const shown = await (await discord.ana.runs("/test long")).response();
  const first = shown.content;

  await discord.ana.clicks(shown, "Next (1 of 3)");
  await expect.poll(() => shown.content).not.toBe(first);
  await discord.ana.clicks(shown, "Previous");

  await expect.poll(() => shown.content).toBe(first);
  expect(first).toMatch(/^0: word/);
});

test("proposals come while a person types: 25 at most, none of them too long, and none when they fail", async () => {
  const { discord } = await start();

  const choices = await discord.ana.types("/test city", "city", "be");
  const none = await discord.ana.types("/test city", "city", "x");

  expect(choices).toHaveLength(25);
  expect(choices[0]).toMatchObject({ value: "be-0" });
  expect(none).toEqual([]);
});

test("menus get the message or the person that they were opened on", async () => {
  const { discord } = await start();
  const message = await discord.ben.says("look here");

  const looked = await discord.ana.usesMenu("Remind me", message);
  const who = await discord.ana.usesMenu("Who is it", discord.ben);

  expect((await looked.response()).content).toMatch(/When shall I remind you of that message/);
  expect((await who.response()).content).toBe(`discord:${discord.ben.id}`);
});

test("what breaks is plain words for the person, and never its stack or message", async () => {
  const { discord, warnings } = await start();
  const shown = await (await discord.ana.runs("/test count")).response();

  const command = await (await discord.ana.runs("/test broken")).response();
  const action = await (await discord.ana.clicks(shown, "Break")).followup();

  expect([command.content, action.content].join()).not.toMatch(/secret/);
  expect(command.content).toMatch(/Something went wrong on my side/);
  expect(warnings).toEqual(expect.arrayContaining(["command-failed", "action-failed"]));
});

test("operator, admin and manager are different, and each is known by his rights where he speaks", async () => {
  const { discord } = await start();
  const role = discord.guild.role("Mod", { permissions: ["ManageChannels"] });
  const boss = discord.guild.role("Boss", { permissions: ["ManageGuild"] });
  const mod = discord.guild.member("mod", { roles: [role] });
  const admin = discord.guild.member("admin", { roles: [boss] });
  const said = async (actor: typeof mod) =>
    (await (await actor.runs("/test who")).response()).content;

  const owner = discord.person(`owner-of-${discord.guild.guild.name.toLowerCase()}`);

  expect([await said(discord.ben), await said(mod), await said(admin), await said(owner)]).toEqual([
    "nobody",
    "manager",
    "admin",
    "operator admin manager",
  ]);
});

test("while the store of controls is away, a command still says that something went wrong", async () => {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord[Symbol.asyncDispose]());
  const store = await openEmbeddedStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
  const away = () => Promise.reject(new Error("The database is away"));
  const components = { ...store.components, keep: away, press: away };
  await goOnline(discord, {}, store, { ...exercise().more, components });
  await commandsAreThere(discord);

  const shown = await (await discord.ana.runs("/test count")).response();

  expect(shown.content).toMatch(/Something went wrong on my side/);
});

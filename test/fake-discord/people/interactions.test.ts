import {
  ApplicationCommandOptionType as Kind,
  ApplicationCommandType,
  type ChatInputCommandInteraction,
  type Client,
  ComponentType,
  Events,
  type Interaction,
  MessageFlags,
  TextInputStyle,
} from "discord.js";
import { expect, test } from "vitest";

import { channelOf, connect } from "../connect.ts";
import { type FakeDiscord, startFakeDiscord } from "../index.ts";

test("a slash command is answered where it was run, with its options resolved", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  await register(bot.client, {
    options: [
      { name: "whom", description: "x", type: Kind.User, required: true },
      { name: "words", description: "x", type: Kind.String },
      { name: "count", description: "x", type: Kind.Integer },
    ],
  });
  onCommand(bot.client, async (interaction) => {
    const { options } = interaction;
    const count = options.getInteger("count") ?? 0;
    await interaction.reply(
      `${options.getUser("whom")!.username} ${options.getString("words")} ${count}`,
    );
  });

  const answer = await discord.ana.runs("/clara whom:ben words:good morning count:3");

  expect(await answer.response()).toMatchObject({ content: "ben good morning 3" });
  expect(discord.general.fromBot()).toHaveLength(1);
  expect(answer.isEphemeral).toBe(false);
});

test("channels, roles and files are options too, and are resolved with their names and bytes", async () => {
  await using discord = await startFakeDiscord();
  const helpers = discord.guild.role("Helpers");
  await using bot = await connect(discord);
  await register(bot.client, {
    options: [
      { name: "where", description: "x", type: Kind.Channel },
      { name: "who", description: "x", type: Kind.Role },
      { name: "what", description: "x", type: Kind.Attachment },
      { name: "sure", description: "x", type: Kind.Boolean },
    ],
  });
  const received = nextCommand(bot.client);

  const what = { name: "notes.txt", bytes: "the bytes" };
  await discord.ana.runs("/clara", {
    options: { where: "#general", who: helpers, what, sure: true },
  });

  const { options } = await received;
  expect(options.getChannel("where")).toMatchObject({ name: "general" });
  expect(options.getRole("who")).toMatchObject({ name: "Helpers" });
  expect(options.getBoolean("sure")).toBe(true);
  const file = options.getAttachment("what");
  expect(await (await fetch(file!.url)).text()).toBe("the bytes");
});

test("the client lets nobody send what it would not", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  await register(bot.client, {
    defaultMemberPermissions: "0",
    options: [{ name: "word", description: "x", type: Kind.String, required: true, maxLength: 3 }],
  });
  discord.guild.setRoles(discord.ana, [
    discord.guild.role("Admin", { permissions: ["Administrator"] }),
  ]);

  await expect(discord.ana.runs("/nothing")).rejects.toThrow('no command "nothing"');
  await expect(discord.ana.runs("/clara")).rejects.toThrow('"word" is required');
  await expect(discord.ana.runs("/clara word:long")).rejects.toThrow("takes 0 to 3");
  await expect(discord.ana.runs("/clara word:ok stray:1")).rejects.toThrow('no option "stray"');
  await expect(discord.ben.runs("/clara word:ok")).rejects.toThrow("is hidden from ben");
});

test("an answer later than the deadline is too late: 10062", async () => {
  await using discord = await startFakeDiscord({ deadlineMs: 40 });
  await using bot = await connect(discord);
  await register(bot.client);
  const received = nextCommand(bot.client);

  const answer = await discord.ana.runs("/clara");

  await expect(answer.acknowledged()).rejects.toThrow("The application did not respond");
  await expect((await received).reply("late")).rejects.toMatchObject({ code: 10_062 });
});

test("an interaction is answered once: the second answer is 40060", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  await register(bot.client);
  const received = nextCommand(bot.client);

  await discord.ana.runs("/clara");
  const interaction = await received;
  await interaction.reply("once");

  const route = `/interactions/${interaction.id}/${interaction.token}/callback` as const;
  const body = { type: 4, data: { content: "twice" } };
  await expect(bot.client.rest.post(route, { body, auth: false })).rejects.toMatchObject({
    code: 40_060,
  });
  expect(discord.general.fromBot()).toMatchObject([{ content: "once" }]);
});

test("a deferral is filled by an edit or a follow-up, for fifteen minutes", async () => {
  let now = Date.now();
  await using discord = await startFakeDiscord({ now: () => now });
  await using bot = await connect(discord);
  await register(bot.client);
  const received = nextCommand(bot.client);
  const answer = await discord.ana.runs("/clara");
  const interaction = await received;

  await interaction.deferReply();
  expect(await answer.acknowledged()).toMatchObject({ kind: "deferred" });
  now += 14 * 60_000;
  await interaction.editReply("at last");
  await interaction.followUp("and another thing");
  now += 61_000;

  expect(await answer.response()).toMatchObject({ content: "at last" });
  expect(await answer.followup()).toMatchObject({ content: "and another thing" });
  await expect(interaction.editReply("too late")).rejects.toMatchObject({ code: 50_027 });
});

test("an ephemeral answer is seen by one person, and decided at the deferral", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  await register(bot.client);
  onCommand(bot.client, async (interaction) => {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await interaction.editReply("for your eyes");
  });

  const answer = await discord.ana.runs("/clara");
  const message = await answer.response();

  expect(answer.isEphemeral).toBe(true);
  expect(discord.general.seenBy(discord.ana)).toEqual([message]);
  expect(discord.general.seenBy(discord.ben)).toEqual([]);
  expect(discord.messages()).toEqual([]);
});

test("a button is pressed by its label, and the bot changes the message under it", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  bot.client.on(Events.InteractionCreate, (interaction) => {
    if (interaction.isButton())
      void interaction.update({ content: `pressed ${interaction.customId}`, components: [] });
  });
  await askWith(bot.client, discord, {
    type: ComponentType.Button,
    style: 1,
    label: "Stop",
    customId: "stop",
  });
  const [question] = discord.general.fromBot();

  const answer = await discord.ana.clicks(question!, "Stop");

  expect(await answer.response()).toMatchObject({ content: "pressed stop", buttons: [] });
  await expect(discord.ana.clicks(question!, "Stop")).rejects.toThrow('no component "Stop"');
});

test("a select takes what it offers, and a press may go without words", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const chosen: string[] = [];
  bot.client.on(Events.InteractionCreate, (interaction) => {
    if (!interaction.isStringSelectMenu()) return;
    chosen.push(...interaction.values);
    void interaction.deferUpdate();
  });
  const options = ["red", "blue"].map((value) => ({ label: value, value }));
  await askWith(bot.client, discord, {
    type: ComponentType.StringSelect,
    customId: "colour",
    options,
  });
  const [question] = discord.general.fromBot();

  const answer = await discord.ana.selects(question!, "colour", ["blue"]);

  expect(await answer.acknowledged()).toMatchObject({ kind: "deferred-update" });
  expect(chosen).toEqual(["blue"]);
  await expect(discord.ana.selects(question!, "colour", ["green"])).rejects.toThrow("not offered");
});

test("a form is opened, filled in and sent", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  await register(bot.client);
  bot.client.on(Events.InteractionCreate, (interaction) => void answerWithForm(interaction));

  const opened = await discord.ana.runs("/clara");
  const sent = await discord.ana.submits(opened, { name: "Ana" });

  expect(await opened.modal()).toMatchObject({ title: "Who are you?" });
  expect(await sent.response()).toMatchObject({ content: "hello Ana" });
  await expect(discord.ana.submits(opened, { age: "7" })).rejects.toThrow('no field "age"');
  await expect(discord.ana.submits(opened, {})).rejects.toThrow('"name" is required');
});

test("an option that proposes gets its proposals while a person types", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  await register(bot.client, {
    options: [{ name: "city", description: "x", type: Kind.String, autocomplete: true }],
  });
  bot.client.on(Events.InteractionCreate, (interaction) => {
    if (!interaction.isAutocomplete()) return;
    const typed = interaction.options.getFocused();
    void interaction.respond([{ name: `${typed}rlin`, value: "berlin" }]);
  });

  const choices = await discord.ana.types("/clara", "city", "Be");

  expect(choices).toEqual([{ name: "Berlin", value: "berlin" }]);
});

test("context menus act on a message or a person", async () => {
  await using discord = await startFakeDiscord({ messageContentAllowed: false });
  await using bot = await connect(discord, { intents: [] });
  await bot.client.application.commands.set([
    { name: "Explain", type: ApplicationCommandType.Message },
    { name: "Greet", type: ApplicationCommandType.User },
  ]);
  bot.client.on(Events.InteractionCreate, (interaction) => {
    if (interaction.isMessageContextMenuCommand())
      void interaction.reply(`it says ${interaction.targetMessage.content}`);
    if (interaction.isUserContextMenuCommand())
      void interaction.reply(`hello ${interaction.targetUser.username}`);
  });
  const message = await discord.ana.says("something odd");

  const explained = await discord.ben.usesMenu("Explain", message);
  const greeted = await discord.ben.usesMenu("Greet", discord.ana);

  expect(await explained.response()).toMatchObject({ content: "it says something odd" });
  expect(await greeted.response()).toMatchObject({ content: "hello ana" });
});

test("an interaction in a DM carries the person and no server", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  await register(bot.client);
  const received = nextCommand(bot.client);

  await discord.ana.runs("/clara", { in: discord.ana.dmPlace() });

  const { guildId, user, memberPermissions } = await received;
  expect([guildId, user.username, memberPermissions]).toEqual([null, "ana", null]);
});

test("what does not fit an interaction is refused and leaves it open", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  await register(bot.client);
  const received = nextCommand(bot.client);
  await discord.ana.runs("/clara");
  const { id, token } = await received;
  const answer = (body: object) =>
    bot.client.rest.post(`/interactions/${id}/${token}/callback`, { body, auth: false });

  await expect(answer({ type: 6 })).rejects.toMatchObject({ code: 50_035 });
  await expect(answer({ type: 4, data: { content: "" } })).rejects.toMatchObject({ code: 50_006 });
  await expect(answer({ type: 9, data: { title: "no rows" } })).rejects.toMatchObject({
    code: 50_035,
  });
  await expect(answer({ type: 4, data: { content: "fits" } })).resolves.toBeDefined();
});

type Command = Parameters<Client<true>["application"]["commands"]["set"]>[0][number];

async function register(client: Client<true>, more: object = {}): Promise<void> {
  const command = { name: "clara", description: "Talk to her", ...more } as Command;
  await client.application.commands.set([command]);
}

function onCommand(
  client: Client,
  run: (interaction: ChatInputCommandInteraction) => Promise<void>,
): void {
  client.on(Events.InteractionCreate, (interaction) => {
    if (interaction.isChatInputCommand()) void run(interaction);
  });
}

function nextCommand(client: Client): Promise<ChatInputCommandInteraction> {
  return new Promise((resolve) => onCommand(client, async (interaction) => resolve(interaction)));
}

async function askWith(client: Client, discord: FakeDiscord, component: object): Promise<void> {
  const row = { type: ComponentType.ActionRow, components: [component] };
  type Rows = NonNullable<Exclude<Parameters<ReturnType<typeof channelOf>["send"]>[0], string>>;
  await channelOf(client, discord.general).send({ content: "?", components: [row] } as Rows);
}

async function answerWithForm(interaction: Interaction): Promise<void> {
  if (interaction.isModalSubmit())
    await interaction.reply(`hello ${interaction.fields.getTextInputValue("name")}`);
  if (!interaction.isChatInputCommand()) return;
  await interaction.showModal({
    customId: "who",
    title: "Who are you?",
    components: [
      {
        type: ComponentType.ActionRow,
        components: [
          {
            type: ComponentType.TextInput,
            customId: "name",
            label: "Name",
            style: TextInputStyle.Short,
          },
        ],
      },
    ],
  });
}

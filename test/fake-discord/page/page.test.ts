import { expect, test } from "vitest";

import { channelOf, connect } from "../connect.ts";
import { type FakeDiscord, startFakeDiscord } from "../index.ts";
import { createPage } from "./page.ts";
import type { View } from "./view.ts";

test("what is written on the page is said in Discord, and what the bot does shows by itself", async () => {
  await using discord = await startFakeDiscord({ page: createPage });
  await using bot = await connect(discord);
  await using view = await openView(discord, "ana", discord.general.id);
  const channel = channelOf(bot.client, discord.general);

  await act(discord, { do: "say", text: "hello @Clara", replyTo: null });
  const sent = await channel.send({
    content: `hello <@${discord.ana.id}>`,
    reply: { messageReference: discord.general.messages()[0]!.id },
  });
  await sent.edit("hello again");

  const { messages, online } = await view.until(
    ({ messages: all }) => all[1]?.text === "hello again",
  );
  expect(online).toBe(true);
  expect(messages).toMatchObject([
    { author: "ana", text: "hello @Clara", isMine: true, isBot: false },
    { author: "Clara", replyTo: "ana: hello @Clara", isMine: false, isBot: true },
  ]);
});

test("a button, an edit, a deletion and a command can be carried out from the page", async () => {
  await using discord = await startFakeDiscord({ page: createPage });
  await using bot = await connect(discord);
  await bot.client.application.commands.set([{ name: "clara", description: "x" }]);
  bot.client.on("interactionCreate", (interaction) => {
    if (interaction.isButton()) void interaction.update({ content: "pressed", components: [] });
    if (interaction.isChatInputCommand()) void interaction.reply("at your service");
  });
  const row = { type: 1, components: [{ type: 2, style: 1, label: "Press", custom_id: "press" }] };
  await channelOf(bot.client, discord.general).send({ content: "?", components: [row] });
  const [question] = discord.general.fromBot();
  const mine = await discord.ana.says("mine");
  const gone = await discord.ana.says("gone");

  await act(discord, { do: "click", message: question!.id, button: "press" });
  await act(discord, { do: "edit", message: mine.id, text: "still mine" });
  await act(discord, { do: "delete", message: gone.id });
  await act(discord, { do: "say", text: "/clara", replyTo: null });

  expect(discord.general.messages().map(({ content }) => content)).toEqual([
    "pressed",
    "still mine",
    "at your service",
  ]);
});

test("trouble can be made from the page", async () => {
  await using discord = await startFakeDiscord({ page: createPage });
  await using bot = await connect(discord);
  await act(discord, { do: "502" });

  await channelOf(bot.client, discord.general).send({
    content: "x",
    nonce: "x",
    enforceNonce: true,
  });
  await act(discord, { do: "drop" });

  expect(discord.journal.rest({ method: "POST" }).map(({ status }) => status)).toEqual([502, 200]);
  expect(discord.journal.closes()).toMatchObject([{ by: "server", code: 1006 }]);
});

test("what cannot be done is said in words", async () => {
  await using discord = await startFakeDiscord({ page: createPage });
  const others = await discord.ben.says("not hers");

  expect(await act(discord, { do: "say", text: "/clara", replyTo: null })).toMatch(
    /^no command "clara"/,
  );
  expect(await act(discord, { do: "delete", message: others.id })).toBe("Missing Permissions");
  expect(await act(discord, { do: "delete", message: "1" })).toBe("that message is gone");
  expect(await act(discord, { do: "dance" })).toMatch(/Invalid/);
});

test("another site cannot speak here, because only JSON is read", async () => {
  await using discord = await startFakeDiscord({ page: createPage });
  const body = JSON.stringify({
    as: "ana",
    in: discord.general.id,
    do: "say",
    text: "x",
    replyTo: null,
  });

  const answer = await fetch(`http://127.0.0.1:${discord.port}/act`, { method: "POST", body });

  expect(answer.status).toBe(400);
  expect(discord.general.messages()).toEqual([]);
});

test("the page itself is there, and nothing beside it", async () => {
  await using discord = await startFakeDiscord({ page: createPage });
  const at = (path: string) => fetch(`http://127.0.0.1:${discord.port}${path}`);

  expect(await (await at("/")).text()).toContain("<title>A Discord of your own</title>");
  expect((await at("/elsewhere")).status).toBe(404);
});

/** Gives the error's words, or undefined when all went well. */
async function act(discord: FakeDiscord, what: object): Promise<string | undefined> {
  const answer = await fetch(`http://127.0.0.1:${discord.port}/act`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ as: "ana", in: discord.general.id, ...what }),
  });
  const { error } = (await answer.json()) as { error?: string };
  return error;
}

interface OpenView extends AsyncDisposable {
  /** The first view, of now or later, that fits. */
  until(fits: (view: View) => boolean): Promise<View>;
}

async function openView(discord: FakeDiscord, as: string, where: string): Promise<OpenView> {
  const query = new URLSearchParams({ as, in: where });
  const answer = await fetch(`http://127.0.0.1:${discord.port}/view?${query.toString()}`);
  const lines = answer.body!.pipeThrough(new TextDecoderStream());
  const reader = lines.getReader();
  return {
    async until(fits) {
      for (let text = ""; ;) {
        const { value = "", done } = await reader.read();
        if (done) throw new Error("the view ended");
        text += value;
        const whole = text.split("\n\n").slice(0, -1);
        const views = whole.map((event) => JSON.parse(event.replace(/^data: /, "")) as View);
        const found = views.find(fits);
        if (found) return found;
      }
    },
    [Symbol.asyncDispose]: () => reader.cancel(),
  };
}

import { MessageFlags } from "discord.js";
import { expect, test } from "vitest";

import { channelOf, connect, gather } from "../connect.ts";
import { startFakeDiscord } from "../index.ts";

const PICTURE = Uint8Array.from({ length: 256 }, (_, index) => index);

test("what the bot uploads comes back from its address, byte for byte", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const channel = channelOf(bot.client, discord.general);

  const sent = await channel.send({
    content: "two files",
    files: [
      { attachment: Buffer.from(PICTURE), name: "a picture.png", description: "all bytes" },
      { attachment: Buffer.from("grüße"), name: "words.txt" },
    ],
  });

  const [picture, words] = [...sent.attachments.values()];
  expect(picture).toMatchObject({ name: "a_picture.png", size: 256, description: "all bytes" });
  expect(words).toMatchObject({ contentType: "text/plain; charset=utf-8" });
  const answer = await fetch(picture!.url);
  expect(answer.headers.get("content-type")).toBe("image/png");
  expect(await answer.bytes()).toEqual(PICTURE);
  expect(discord.general.fromBot()[0]?.files).toMatchObject([
    { name: "a_picture.png" },
    { name: "words.txt", text: "grüße" },
  ]);
});

test("what a person sends along reaches the bot with an address that works", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const events = gather<{ attachments: Map<string, { url: string }> }>(
    bot.client,
    "messageCreate",
    1,
  );

  await discord.ana.says("", { files: [{ name: "notes.md", bytes: "# Notes" }] });

  const [file] = (await events)[0]!.attachments.values();
  expect(await (await fetch(file!.url)).text()).toBe("# Notes");
});

test("an address expires, and one that was made up never worked", async () => {
  let now = Date.now();
  await using discord = await startFakeDiscord({ now: () => now, attachmentLifetimeMs: 60_000 });
  await using bot = await connect(discord);
  const files = [{ attachment: Buffer.from("x"), name: "x.txt" }];
  const { attachments } = await channelOf(bot.client, discord.general).send({ files });
  const { url } = attachments.first()!;

  expect((await fetch(url)).status).toBe(200);
  expect((await fetch(url.replace(/hm=.{4}/, "hm=0000"))).status).toBe(404);
  now += 62_000;
  expect((await fetch(url)).status).toBe(404);
});

test("an edit keeps the files that it names, and adds new ones", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const file = (name: string) => ({ attachment: Buffer.from(name), name });
  const sent = await channelOf(bot.client, discord.general).send({
    files: [file("one.txt"), file("two.txt")],
  });

  const [one] = sent.attachments.values();
  await sent.edit({ attachments: [one!], files: [file("three.txt")] });

  const [seen] = discord.general.fromBot();
  expect(seen?.files.map(({ name }) => name)).toEqual(["one.txt", "three.txt"]);
  await expect(sent.edit({ attachments: [], content: "" })).rejects.toMatchObject({ code: 50_006 });
});

test("files that are too many or too large are refused", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const channel = channelOf(bot.client, discord.general);
  const file = { attachment: Buffer.from("x"), name: "x.txt" };

  const large = { attachment: Buffer.alloc(10 * 1024 * 1024 + 1), name: "large.bin" };

  await expect(channel.send({ files: Array(11).fill(file) })).rejects.toMatchObject({
    code: 50_035,
  });
  await expect(channel.send({ files: [large] })).rejects.toMatchObject({ code: 40_005 });
  await expect(channel.send({ files: [large, large, large] })).rejects.toMatchObject({
    status: 413,
  });
});

test("a message of layout components shows its text and its buttons", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);

  await channelOf(bot.client, discord.general).send({
    flags: MessageFlags.IsComponentsV2,
    components: [
      {
        type: 17,
        components: [
          { type: 10, content: "Choose" },
          { type: 1, components: [{ type: 2, style: 1, label: "This", custom_id: "this" }] },
        ],
      },
    ],
  });

  expect(discord.general.fromBot()[0]?.buttons).toEqual([
    { label: "This", customId: "this", disabled: false },
  ]);
});

import {
  ApplicationCommandOptionType as Kind,
  type ApplicationCommandDataResolvable,
} from "discord.js";
import { expect, test } from "vitest";

import { connect } from "../connect.ts";
import { startFakeDiscord } from "../index.ts";

const CLARA: ApplicationCommandDataResolvable = {
  name: "clara",
  description: "Talk about Clara",
  options: [{ name: "info", description: "What she is", type: Kind.Subcommand }],
};

test("a bulk registration replaces what was there, and a known name keeps its id", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const { commands } = bot.client.application;

  const first = await commands.set([CLARA, { name: "gone", description: "Soon gone" }]);
  const second = await commands.set([{ name: "new", description: "New" }, CLARA]);

  const idOf = (set: typeof first) => set.find(({ name }) => name === "clara")?.id;
  expect(idOf(second)).toBe(idOf(first));
  expect((await commands.fetch()).map(({ name }) => name)).toEqual(["new", "clara"]);
  expect(discord.journal.rest({ method: "PUT" })).toHaveLength(2);
});

test("a server's own commands stand beside the global ones, and go one by one", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const { commands } = bot.client.application;

  await commands.create(CLARA);
  const own = await commands.create({ name: "own", description: "Ours" }, discord.guild.id);
  await commands.edit(own.id, { description: "Ours alone" }, discord.guild.id);

  expect(await commands.fetch(own.id, { guildId: discord.guild.id })).toMatchObject({
    name: "own",
    description: "Ours alone",
  });
  await commands.delete(own.id, discord.guild.id);
  expect((await commands.fetch({ guildId: discord.guild.id })).size).toBe(0);
  await expect(commands.delete(own.id, discord.guild.id)).rejects.toMatchObject({ code: 10_063 });
});

test("what cannot be a command is refused as Discord refuses it", async () => {
  await using discord = await startFakeDiscord();
  await using bot = await connect(discord);
  const refused = (...body: object[]) =>
    bot.client.rest.put(`/applications/${discord.bot.id}/commands`, { body }).then(
      () => "taken",
      ({ code }: { code: number }) => code,
    );
  const option = (name: string, required = false) => ({
    name,
    description: "x",
    type: 3,
    required,
  });

  expect(await refused({ name: "Upper", description: "x" })).toBe(50_035);
  expect(await refused({ name: "nothing-said" })).toBe(50_035);
  expect(await refused({ name: "x", description: "x".repeat(101) })).toBe(50_035);
  expect(await refused({ name: "x", description: "x" }, { name: "x", description: "y" })).toBe(
    50_035,
  );
  expect(
    await refused({ name: "x", description: "x", options: [option("a"), option("b", true)] }),
  ).toBe(50_035);
  expect(await refused({ name: "x", description: "x", options: [option("a"), option("a")] })).toBe(
    50_035,
  );
  expect(await refused({ name: "A menu", type: 3, description: "has none" })).toBe(50_035);
  expect(
    await refused(...Array.from({ length: 101 }, (_, i) => ({ name: `c${i}`, description: "x" }))),
  ).toBe(30_032);
  expect(await refused({ name: "A menu", type: 3 })).toBe("taken");
});

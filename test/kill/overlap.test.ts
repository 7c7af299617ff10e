import { setTimeout as sleep } from "node:timers/promises";
import { expect, inject, test } from "vitest";
import { createTestDatabase } from "../open-test-store.ts";
import { startProgram, type Program } from "./program.ts";
import { openStage, type KillStage } from "./stage.ts";

const MAX_START_MS = 60_000;
const ROUNDS = 4;
const withServer =
  inject("serverUrl") === null ? "(not run: CLARA_TEST_DATABASE_URL is not set) " : "";

/** Until it is online beside those that were before it. */
async function start({ discord, env }: KillStage): Promise<Program> {
  const before = discord.gateway.sessionsNow().length;
  const program = startProgram(env);
  await expect
    .poll(() => discord.gateway.sessionsNow().length, { timeout: MAX_START_MS })
    .toBeGreaterThan(before);
  return program;
}

async function askEverybody({ ask, discord }: KillStage, round: string): Promise<void> {
  const places = ["one", "two", "three"].map((name) => discord.guild.channel(name));
  for (const [index, place] of places.entries()) await ask(place, `${round}-${index}-long`);
  for (const [index, place] of places.entries()) await ask(place, `${round}-${index}-next`);
  await ask(discord.ana.dmPlace(), `${round}-tool`);
}

test.skipIf(withServer !== "")(
  `${withServer}a new program beside the old one, as on each deployment: every question has one whole answer, in order`,
  async () => {
    await using database = await createTestDatabase();
    await using stage = await openStage({ ...database, env: { DATABASE_URL: database.href } });
    let old = await start(stage);

    for (let round = 0; round < ROUNDS; round++) {
      await askEverybody(stage, `r${round}-before`);
      const young = await start(stage);
      await askEverybody(stage, `r${round}-both`);
      // Half of the deployments end well; on the others the old container is taken away at once.
      old.kill(round % 2 === 0 ? "SIGTERM" : "SIGKILL");
      await askEverybody(stage, `r${round}-leaving`);
      await old.exited;
      old = young;
    }
    await expect.poll(stage.problems, { timeout: MAX_START_MS }).toEqual([]);
    // Nothing more may come either.
    await sleep(1_000);
    old.kill("SIGTERM");

    expect(await old.exited).toMatchObject({ code: 0 });
    expect(stage.problems()).toEqual([]);
    expect(stage.askedSoFar()).toBe(ROUNDS * 3 * 7);
  },
  5 * 60_000,
);

import { expect, inject, onTestFinished, test } from "vitest";
import { CLOCK_POINTS, type FaultPoint } from "../../src/core/fault.ts";
import { guildId, userId } from "../../src/core/ids.ts";
import type { Scope } from "../../src/core/principal.ts";
import { toConversation } from "../../src/discord/conversation.ts";
import { openStore, type Store } from "../../src/store/index.ts";
import { silentLog } from "../../src/core/log.ts";
import { noFault } from "../../src/core/fault.ts";
import type { FakeDiscord } from "../fake-discord/index.ts";
import { createTestDatabase } from "../open-test-store.ts";
import { startProgram, type Program } from "./program.ts";
import { openFolder, openStage, type Database, type KillStage } from "./stage.ts";

const MINUTES = 60_000;

/** A reminder and a scheduled prompt that are due, set while no program runs. */
async function plant(discord: FakeDiscord, database: Database, name: string): Promise<void> {
  const store = await openStore(
    {
      log: silentLog,
      fault: noFault,
      random: Math.random,
      createId: () => crypto.randomUUID(),
      keys: [],
    },
    "DATABASE_URL" in database.env
      ? { kind: "server", url: database.env["DATABASE_URL"] ?? "" }
      : { kind: "embedded", dataDir: database.env["CLARA_DATA_DIR"] ?? "" },
  );
  await using open = store;
  await plantIn(open, discord, name);
}

async function plantIn(store: Store, discord: FakeDiscord, name: string): Promise<void> {
  const { channel } = discord.guild.channel("clock");
  const { id, type, guildId: guild, parentId } = channel;
  const facts = { id, type, guildId: guild, parentId, name: channel.name };
  const place = toConversation(facts, discord.ana.id);
  const scope: Scope = {
    principal: {
      platform: "discord",
      userId: userId(`discord:${discord.ana.id}`),
      displayName: "ana",
      guildId: guildId(`discord:${discord.guild.id}`),
      roleIds: [],
      permissions: 0n,
      via: "message",
    },
    audience: place.audience,
  };
  const timed = { place, dueAt: new Date(), repeat: null, times: 1, zone: "UTC" } as const;
  await store.reminders.add(scope, { ...timed, to: "here", text: `remind-${name}` });
  const prompt = `[[${name}]]`;
  await store.schedules.add(scope, { ...timed, prompt, maxRunUsd: 1, maxMonthUsd: 10 });
}

const said = (discord: FakeDiscord, words: string) =>
  discord.guild
    .channel("clock")
    .fromBot()
    .filter(({ content }) => content.includes(words));

/** A word that only the answer to this question has. */
const answers = (discord: FakeDiscord, name: string) => {
  const [opening] = said(discord, `📅 Scheduled: [[${name}]]`);
  return discord.guild
    .channel("clock")
    .fromBot()
    .filter(({ replyTo }) => replyTo === opening?.id);
};

function start(stage: KillStage, env: Readonly<Record<string, string>> = {}): Program {
  const program = startProgram({ ...stage.env, ...env });
  onTestFinished(() => program.kill("SIGKILL"));
  return program;
}

async function dieAt(stage: KillStage, database: Database, point: FaultPoint) {
  await plant(stage.discord, database, point);
  const program = start(stage, { CLARA_FAULT: `${point}:1` });
  const { signal } = await program.exited;
  if (signal !== "SIGKILL") throw new Error(`${point} was not met: ${program.output()}`);
}

/** How often each reminder, each opening and each answer stands there in the end. */
async function dieEverywhere(database: Database): Promise<readonly (readonly number[])[]> {
  await using stage = await openStage(database);
  const { discord } = stage;
  for (const point of CLOCK_POINTS) await dieAt(stage, database, point);

  const program = start(stage);
  const isWhole = (point: string) =>
    said(discord, `remind-${point}`).length > 0 && answers(discord, point).length > 0;
  await discord
    .until(() => CLOCK_POINTS.every(isWhole), "all is said", { timeoutMs: MINUTES })
    .catch((error: unknown) => {
      const missing = CLOCK_POINTS.filter((point) => !isWhole(point)).join(", ");
      throw new Error(`${missing} is missing: ${program.output().slice(-3_000)}`, { cause: error });
    });
  program.kill("SIGTERM");
  await program.exited;

  return CLOCK_POINTS.map((point) => [
    said(discord, `remind-${point}`).length,
    said(discord, `📅 Scheduled: [[${point}]]`).length,
    answers(discord, point).length,
  ]);
}

const ONCE_EACH = CLOCK_POINTS.map(() => [1, 1, 1]);

test(
  "killed at every point of the clock on PGlite, each reminder is said once and each schedule answered once",
  async () => {
    await using folder = await openFolder();

    expect(await dieEverywhere(folder)).toEqual(ONCE_EACH);
  },
  10 * MINUTES,
);

const withServer =
  inject("serverUrl") === null ? "(not run: CLARA_TEST_DATABASE_URL is not set) " : "";
test.skipIf(withServer !== "")(
  `${withServer}killed at every point of the clock on PostgreSQL, each reminder is said once and each schedule answered once`,
  async () => {
    await using database = await createTestDatabase();

    const counts = await dieEverywhere({ ...database, env: { DATABASE_URL: database.href } });

    expect(counts).toEqual(ONCE_EACH);
  },
  10 * MINUTES,
);

test.skipIf(withServer !== "")(
  `${withServer}two programs on one PostgreSQL say each reminder once and answer each schedule once`,
  async () => {
    await using database = await createTestDatabase();
    const server = { ...database, env: { DATABASE_URL: database.href } };
    await using stage = await openStage(server);
    const { discord } = stage;
    const names = Array.from({ length: 10 }, (_, index) => `two-${index}-`);
    for (const name of names) await plant(discord, server, name);

    const programs = [start(stage), start(stage, { CLARA_ROLES: "worker" })];
    const isWhole = (name: string) =>
      said(discord, `remind-${name}`).length > 0 && answers(discord, name).length > 0;
    await discord.until(() => names.every(isWhole), "all is said", { timeoutMs: 2 * MINUTES });
    for (const program of programs) program.kill("SIGTERM");
    await Promise.all(programs.map(({ exited }) => exited));

    const counts = names.map((name) => [
      said(discord, `remind-${name}`).length,
      answers(discord, name).length,
    ]);
    expect(counts).toEqual(names.map(() => [1, 1]));
  },
  10 * MINUTES,
);

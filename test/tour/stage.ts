import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFakeDiscord, type Actor, type FakeDiscord } from "../fake-discord/index.ts";
import { startProgram, type Program } from "../kill/program.ts";
import { startTourModel, type TourModel } from "./model.ts";
import { LINES } from "./lines.ts";

const MAX_START_MS = 60_000;

export interface Stage extends AsyncDisposable {
  readonly discord: FakeDiscord;
  readonly model: TourModel;
  /** She owns the server and the application. */
  readonly olga: Actor;
  /** She may manage the server and its channels. */
  readonly mia: Actor;
  readonly ana: Actor;
  readonly ben: Actor;
  /** Ends the program as a deployment does, and starts it again; `whileAway` happens in between. */
  readonly restart: (whileAway: () => Promise<void>) => Promise<void>;
  /** The newest part of the program's log, for when something is not as expected. */
  readonly output: () => string;
}

/** The real program with an embedded database of its own, before a Discord and a model of its own. */
export async function openStage(): Promise<Stage> {
  await using opening = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "clara-tour-"));
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  const discord = opening.use(await startFakeDiscord());
  const model = opening.use(await startTourModel(LINES));
  const olga = discord.person("owner-of-home");
  const keeps = ["ManageGuild", "ManageChannels"] as const;
  const keepers = discord.guild.role("Keepers", { permissions: keeps });
  const mia = discord.guild.member("mia", { roles: [keepers] });
  for (const name of ["plans", "quiet", "crowded"]) discord.guild.channel(name);

  const env = envFor(folder, discord, model);
  const { CUSTOM_OPENAI_BASE_URL: _, ...bare } = env;
  let program = await start(discord, bare);
  opening.defer(() => end(program));
  const opened = opening.move();
  return {
    discord,
    model,
    olga,
    mia,
    ana: discord.ana,
    ben: discord.ben,
    async restart(whileAway) {
      await end(program);
      await whileAway();
      program = await start(discord, env);
    },
    output: () => program.output(),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const envFor = (folder: string, discord: FakeDiscord, model: TourModel) => ({
  ...discord.env,
  CLARA_DATA_DIR: folder,
  // Where the key leads that the owner enters. Without an address and a key the demo model answers.
  CUSTOM_OPENAI_BASE_URL: model.baseUrl,
  CUSTOM_OPENAI_MODEL_HIGH: "tour-large",
  CUSTOM_OPENAI_MODEL_MID: "tour-usual",
  CUSTOM_OPENAI_MODEL_LOW: "tour-small",
  DISCORD_MONITOR_ENABLED: "false",
  ENABLE_GRAPH_MEMORY: "true",
  GOOGLE_CLIENT_ID: "tour.apps.example",
  GOOGLE_CLIENT_SECRET: "not-a-secret",
  GOOGLE_REDIRECT_URI: "https://clara.example/oauth/google/callback",
  LOG_LEVEL: "info",
});

async function start(discord: FakeDiscord, env: Readonly<Record<string, string>>) {
  const program = startProgram(env);
  const early = program.exited.then(() => {
    throw new Error(`The program ended by itself: ${program.output()}`);
  });
  const isThere = () =>
    discord.gateway.isConnected() &&
    discord.journal.rest({ method: "PUT" }).some(({ status }) => status === 200);
  const waiting = discord.until(isThere, "the program is online", { timeoutMs: MAX_START_MS });
  await Promise.race([waiting, early]);
  // Later it ends because the tour ends it.
  early.catch(() => {});
  return program;
}

async function end(program: Program): Promise<void> {
  program.kill("SIGTERM");
  await program.exited;
}

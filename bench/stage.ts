import { setTimeout as sleep } from "node:timers/promises";
import { startFakeDiscord, type FakeDiscord, type Place } from "../test/fake-discord/index.ts";
import type { Home } from "./homes.ts";
import { startInstantModel, type InstantModel } from "./instant-model.ts";
import { createQuestions, type Asked } from "./questions.ts";
import { startSubject, type Subject, type SubjectOptions } from "./subject.ts";

const CHANNELS = 100;
/** Questions in every channel before those that count: the code is warm then, and no place is new to her. */
const WARM_UP_ROUNDS = 4;
/** Then all turns are over, and typing is worth showing again. */
const WARM_UP_PAUSE_MS = 5_500;
const MAX_START_MS = 60_000;

/** A Discord and a model on loopback, without limits of their own. */
export interface Stage extends AsyncDisposable {
  readonly discord: FakeDiscord;
  readonly model: InstantModel;
  readonly channels: readonly Place[];
  /** Round and round. */
  readonly channelAt: (index: number) => Place;
  readonly ask: (place: Place) => Asked;
  readonly start: (options?: SubjectOptions) => Subject;
}

export async function openStage(home: Home, { pauseMs = 0 } = {}): Promise<Stage> {
  await using opening = new AsyncDisposableStack();
  const discord = opening.use(await startFakeDiscord());
  const model = opening.use(await startInstantModel({ pauseMs }));
  const channels = Array.from({ length: CHANNELS }, (_, index) =>
    discord.guild.channel(`channel-${index}`),
  );
  const channelAt = (index: number) => channels[index % CHANNELS] ?? discord.general;
  const opened = opening.move();
  return {
    discord,
    model,
    channels,
    channelAt,
    ask: createQuestions(discord),
    start: (options) => startSubject(home, toEnv(discord, model), options),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

export const toEnv = (discord: FakeDiscord, model: InstantModel) => ({
  ...discord.env,
  LLM_PROVIDER: "openai",
  CUSTOM_OPENAI_API_KEY: "not-a-secret",
  CUSTOM_OPENAI_BASE_URL: model.baseUrl,
  CUSTOM_OPENAI_MODEL: "bench-1",
  // The web page too, on any port.
  DISCORD_MONITOR_PORT: "0",
  // One person asks all of it.
  DISCORD_MAX_OPEN: "100000",
});

/** A program that is online and warm, and the stage around it. */
export async function openWarmStage(
  home: Home,
  { pauseMs = 0, ...options }: SubjectOptions & { readonly pauseMs?: number } = {},
): Promise<Stage & { readonly subject: Subject }> {
  await using opening = new AsyncDisposableStack();
  const stage = opening.use(await openStage(home, { pauseMs }));
  const subject = opening.use(stage.start(options));
  await stage.discord.botIsOnline({ timeoutMs: MAX_START_MS });
  for (let round = 0; round < WARM_UP_ROUNDS; round++)
    await Promise.all(stage.channels.map((place) => stage.ask(place).answered));
  await sleep(WARM_UP_PAUSE_MS);
  const opened = opening.move();
  return { ...stage, subject, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

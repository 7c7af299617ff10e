import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  startFakeDiscord,
  type FakeDiscord,
  type Message,
  type Place,
} from "../fake-discord/index.ts";
import { expectedAnswer, startMockModel } from "../mock-model.ts";
import { judge, type Asked, type SeenMessage } from "./checker.ts";

/** Slow enough that an answer can be met at every point, and outlives a heartbeat. */
const PACE_MS = 30;

export interface Database extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
}

/** A folder for the embedded database, removed afterwards. */
export async function openFolder(): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), "clara-kill-"));
  return {
    env: { CLARA_DATA_DIR: folder },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface KillStage extends AsyncDisposable {
  readonly discord: FakeDiscord;
  /** What the program needs to find this Discord, this model and this database. */
  readonly env: Readonly<Record<string, string>>;
  /** Somebody asks something that is answered with many sentences for "long" and with a tool for "tool". */
  readonly ask: (place: Place, marker: string) => Promise<Message>;
  readonly tell: (place: Place, text: string) => Promise<Message>;
  /** What is not as it should be, as Discord's history tells; empty when every question has its one whole answer. */
  readonly problems: () => readonly string[];
  readonly askedSoFar: () => number;
}

export async function openStage(database: Database): Promise<KillStage> {
  await using opening = new AsyncDisposableStack();
  const discord = opening.use(await startFakeDiscord());
  const model = opening.use(await startMockModel({ paceMs: PACE_MS }));
  const asked: Asked[] = [];
  const opened = opening.move();
  return {
    discord,
    env: {
      ...database.env,
      ...discord.env,
      LLM_PROVIDER: "openai",
      CUSTOM_OPENAI_API_KEY: "not-a-secret",
      CUSTOM_OPENAI_BASE_URL: model.baseUrl,
      CUSTOM_OPENAI_MODEL: "mock-1",
      DISCORD_MONITOR_ENABLED: "false",
      // A few lines are enough for a summary.
      DISCORD_CHANNEL_HISTORY_LIMIT: "5",
      LOG_LEVEL: "debug",
    },
    async ask(place, marker) {
      const isDm = place.channel.guildId === null;
      const text = isDm ? `[[${marker}]]` : `@Clara [[${marker}]]`;
      const message = await discord.ana.says(text, { in: place });
      asked.push({ messageId: message.id, channelId: message.channelId, marker });
      return message;
    },
    tell: (place, text) => discord.ben.says(text, { in: place }),
    problems: () =>
      judge(
        discord.messages().map((each) => toSeen(discord, each)),
        asked,
        expectedAnswer,
      ),
    askedSoFar: () => asked.length,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const toSeen = ({ bot }: FakeDiscord, message: Message): SeenMessage => ({
  id: message.id,
  channelId: message.channelId,
  byBot: message.author === bot,
  content: message.content,
  files: message.files.map(({ text }) => text),
  replyTo: message.replyTo,
  buttons: message.buttons.map(({ label }) => label),
});

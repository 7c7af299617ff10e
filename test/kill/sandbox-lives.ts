import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { houseOf } from "../../src/app/sandbox.ts";
import { openEngine } from "../../src/sandbox/docker/engine.ts";
import { startFakeDiscord } from "../fake-discord/index.ts";
import { testEngine } from "../open-sandbox.ts";
import { startCodeModel } from "./code-model.ts";
import { startProgram, type Program } from "./program.ts";
import { openFolder } from "./stage.ts";

const PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 100;
const LONG = "import subprocess\nsubprocess.run(['sleep', '600'])";

export interface SandboxLife {
  /** Answers to the question whose code was running when she was killed. */
  readonly answers: readonly string[];
  /** Containers once she was dead for a moment, and once the next life had answered. */
  readonly left: number;
}

/** So many lives, each killed while code of its own question runs; what became of each question, and of the containers. */
export async function dieWhileCodeRuns(
  times: number,
  tell: (life: SandboxLife, index: number) => void = () => {},
): Promise<readonly SandboxLife[]> {
  await using folder = await openFolder();
  await using discord = await startFakeDiscord();
  await using model = await startCodeModel(LONG);
  const { host, image } = testEngine();
  const dataDir = folder.env["CLARA_DATA_DIR"] ?? "";
  const env = {
    ...folder.env,
    ...discord.env,
    LLM_PROVIDER: "openai",
    CUSTOM_OPENAI_API_KEY: "not-a-secret",
    CUSTOM_OPENAI_BASE_URL: model.baseUrl,
    CUSTOM_OPENAI_MODEL: "mock-1",
    DISCORD_MONITOR_ENABLED: "false",
    DOCKER_HOST: host,
    DOCKER_SANDBOX_IMAGE: image,
    CLARA_SANDBOX_WARM: "0",
    LOG_LEVEL: "debug",
  };
  const engine = await openEngine(host)();
  const label = [`clara.sandbox.house=${houseOf(join(dataDir, "sandboxes"))}`];
  const containers = () => engine.listContainers({ all: true, filters: { label } });

  async function isAtWork(): Promise<boolean> {
    const [found] = await containers();
    if (!found) return false;
    const { Processes } = await engine.getContainer(found.Id).top();
    return Processes.some((words: readonly string[]) => words.join(" ").includes("sleep 600"));
  }

  const lives: SandboxLife[] = [];
  for (let index = 0; index < times; index += 1) {
    const first = startProgram(env);
    await until(async () => first.output().includes("discord-session-begun"), "a session", first);
    const question = await discord.ana.says(`[[code-${index}]]`, { in: discord.ana.dmPlace() });
    await until(isAtWork, "code runs", first);
    first.kill("SIGKILL");
    await first.exited;
    await until(async () => (await containers()).length === 0, "its container is gone", first);

    const second = startProgram(env);
    const answersTo = () =>
      discord
        .messages()
        .filter(({ author, replyTo }) => author === discord.bot && replyTo === question.id);
    await until(
      async () => answersTo().some(({ content }) => content.includes("I was told")),
      "an answer",
      second,
    );
    second.kill("SIGTERM");
    await second.exited;
    const life = {
      answers: answersTo().map(({ content }) => content),
      left: (await containers()).length,
    };
    lives.push(life);
    tell(life, index);
  }
  return lives;
}

async function until(isSo: () => Promise<boolean>, what: string, program: Program): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    if (await isSo().catch(() => false)) return;
    await sleep(LOOK_EVERY_MS);
  }
  program.kill("SIGKILL");
  throw new Error(`Waited for: ${what}. The program said: ${program.output().slice(-3_000)}`);
}

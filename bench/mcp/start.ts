import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { noFault } from "../../src/core/fault.ts";
import { silentLog } from "../../src/core/log.ts";
import { openStore } from "../../src/store/index.ts";
import { startFakeDiscord } from "../../test/fake-discord/index.ts";
import { misbehaving } from "../../test/mcp/programs.ts";
import { serve } from "../../test/serve.ts";
import { openFolder, type Home } from "../homes.ts";
import { startInstantModel } from "../instant-model.ts";
import { createQuestions } from "../questions.ts";
import { toEnv } from "../stage.ts";
import { startSubject } from "../subject.ts";

const ALIVE = 35;
const DEAD = 5;
const LOOK_MS = 100;
const MAX_WAIT = { timeoutMs: 60_000 };

/** A start of the whole program without plug-ins, and with forty of which five never answer. */
export async function measureStart(times: number): Promise<void> {
  console.log("\n| start, ms (median) | READY | first answer | all that live are ready |");
  console.log("|---|---|---|---|");
  await using without = await openFolder();
  await prepare(without, 0, 0);
  await report("no plug-ins", without, times, 0);
  await using many = await openFolder();
  await prepare(many, ALIVE, DEAD);
  await report(`${ALIVE + DEAD} plug-ins, ${DEAD} of them dead`, many, times, ALIVE);
}

async function report(label: string, home: Home, times: number, alive: number): Promise<void> {
  const starts: Awaited<ReturnType<typeof startOnce>>[] = [];
  for (let time = 0; time < times; time++) starts.push(await startOnce(home, alive));
  const median = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]?.toFixed(0);
  const cells = (["ready", "answer", "all"] as const).map((key) =>
    median(starts.map((each) => each[key])),
  );
  console.log(`| ${label} | ${cells.join(" | ")} |`);
}

async function startOnce(home: Home, alive: number) {
  await using discord = await startFakeDiscord();
  await using model = await startInstantModel({ pauseMs: 0 });
  const port = await freePort();
  const startedAt = performance.now();
  const since = () => performance.now() - startedAt;
  const env = { ...toEnv(discord, model), DISCORD_MONITOR_PORT: String(port) };
  await using _subject = startSubject(home, env, { probed: false });
  await discord.botIsOnline(MAX_WAIT);
  const ready = since();
  await createQuestions(discord)(discord.general).answered;
  const answer = since();
  while (alive > 0 && !(await tell(port)).includes(`${alive} ready`)) await sleep(LOOK_MS);
  return { ready, answer, all: since() };
}

/** What the window says of how she is. */
async function tell(port: number): Promise<string> {
  return await (await fetch(`http://127.0.0.1:${port}/health`)).text();
}

async function freePort(): Promise<number> {
  await using served = await serve(() => {});
  return served.port;
}

/** A store that she has used before, with these servers in it. */
async function prepare(home: Home, alive: number, dead: number): Promise<void> {
  const store = await openStore(
    { log: silentLog, fault: noFault, random: Math.random, createId: randomUUID, keys: [] },
    { kind: "embedded", dataDir: home.env["CLARA_DATA_DIR"] ?? "" },
  );
  for (let at = 0; at < alive; at++)
    await store.mcpServers.add(misbehaving("well", "", { name: `alive_${at}` }));
  // The dead ones come first by name.
  for (let at = 0; at < dead; at++)
    await store.mcpServers.add(misbehaving("silent", "", { name: `a_dead_${at}` }));
  await store[Symbol.asyncDispose]();
}

/**
 * How fast and how large she is: `npm run bench [-- --quick] [-- --only answer-time]`, against a bot of 20 lines on bare
 * discord.js. PostgreSQL by DATABASE_URL or CLARA_TEST_DATABASE_URL: a database of its own is made there, and dropped.
 * It measures and does not judge: docs/PERFORMANCE.md has the aims and what was found.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Figure, Readings } from "./figure.ts";
import { answerTime } from "./figures/answer-time.ts";
import { chatter } from "./figures/chatter.ts";
import { coldStart } from "./figures/cold-start.ts";
import { firstWords } from "./figures/first-words.ts";
import { memory } from "./figures/memory.ts";
import { steady } from "./figures/steady.ts";
import { throughput } from "./figures/throughput.ts";
import { openDatabase, openFolder, openNowhere, type Home } from "./homes.ts";
import { openStage } from "./stage.ts";
import { LOG_FILE } from "./subject.ts";
import { toTable, type Measured } from "./table.ts";

const ALL = [coldStart, answerTime, firstWords, throughput, steady, chatter, memory];

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, only: { type: "string" } },
});
const figures = ALL.filter(({ name }) => values.only === undefined || name === values.only);
if (figures.length === 0)
  console.error(`--only takes one of: ${ALL.map(({ name }) => name).join(", ")}`);

await using opened = new AsyncDisposableStack();
const homes: readonly Home[] = [openNowhere(), await openFolder(), ...(await serverHomes())];
for (const home of homes) await liveIn(opened.use(home));

const measured: Measured[] = [];
for (const figure of figures) measured.push(await measure(figure));
const cores = cpus();
console.log(
  `\n${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cores.length} cores of ${cores[0]?.model ?? "?"}\n`,
);
console.log(toTable(measured));

async function measure(figure: Figure): Promise<Measured> {
  const byHome = new Map<Home["name"], Readings>();
  for (const home of homes) {
    const startedAt = performance.now();
    try {
      byHome.set(home.name, await figure.measure(home, values.quick));
    } catch (error) {
      console.error(error, `What the program said is in ${LOG_FILE}`);
    }
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    console.error(`${figure.name}, ${home.name}: ${seconds} s`);
  }
  return { figure, byHome };
}

async function serverHomes(): Promise<readonly Home[]> {
  const url = process.env["DATABASE_URL"] ?? process.env["CLARA_TEST_DATABASE_URL"];
  return url === undefined ? [] : [await openDatabase(url)];
}

/** Makes the tables, and all that is only made once. */
async function liveIn(home: Home): Promise<void> {
  await using stage = await openStage(home);
  await using _subject = stage.start();
  await stage.discord.botIsOnline({ timeoutMs: 60_000 });
  await stage.ask(stage.channelAt(0)).answered;
}

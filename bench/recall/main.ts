/**
 * How much of what answers a question is found: `npm run bench:recall` on conversations that are written by rules,
 * `npm run bench:recall -- --locomo PATH` on LoCoMo's, `-- --latency [URL]` for how long it takes, on PGlite or on the
 * PostgreSQL at URL. Definitions in docs/MEMORY.md.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { noFault } from "../../src/core/fault.ts";
import { silentLog } from "../../src/core/log.ts";
import { openStore } from "../../src/store/index.ts";
import { seeded } from "../../test/leaks/walk.ts";
import { measureLatency } from "./latency.ts";
import { readLocomo } from "./locomo.ts";
import { BUDGETS, CUTS, scoreOf, type Answered } from "./score.ts";
import { trySample, type Ranker } from "./try-sample.ts";
import { writeSamples } from "./written.ts";

const WRITTEN = 20;
const NOT_IN_HEADLINE = "adversarial";

const { values } = parseArgs({
  options: {
    locomo: { type: "string" },
    latency: { type: "boolean", default: false },
    url: { type: "string" },
  },
});

if (values.latency) await measureLatency(values.url ?? null);
else await measureQuality();

async function measureQuality(): Promise<void> {
  const samples =
    values.locomo === undefined
      ? writeSamples(WRITTEN, seeded(1))
      : await readLocomo(values.locomo);
  const dataDir = await mkdtemp(join(tmpdir(), "clara-recall-"));
  const ids = { random: Math.random, createId: randomUUID, keys: [] };
  const deps = { log: silentLog, fault: noFault, ...ids };
  const store = await openStore(deps, { kind: "embedded", dataDir });
  const all: Record<Ranker, Answered[]> = { plain: [], ours: [] };
  for (const sample of samples) {
    const tried = await trySample(store, sample);
    all.plain.push(...tried.plain);
    all.ours.push(...tried.ours);
  }
  await store[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true });
  console.log(`${samples.length} conversations\n`);
  console.log(
    `| ranker | questions | ${CUTS.map((k) => `R@${k}`).join(" | ")} | any@10 | all@10 | ${BUDGETS.map((n) => `${n} t`).join(" | ")} |`,
  );
  console.log(`|---|---|${"---|".repeat(CUTS.length + 2 + BUDGETS.length)}`);
  for (const ranker of ["plain", "ours"] as const) {
    const headline = all[ranker].filter(({ question }) => question.category !== NOT_IN_HEADLINE);
    console.log(row(ranker, headline));
    for (const category of new Set(all[ranker].map(({ question }) => question.category)))
      console.log(
        row(
          `${ranker}, ${category}`,
          all[ranker].filter(({ question }) => question.category === category),
        ),
      );
  }
}

function row(name: string, answered: readonly Answered[]): string {
  const { questions, recall, any, all, budget } = scoreOf(answered);
  const figures = [...recall, any[1] ?? 0, all[1] ?? 0, ...budget].map((each) => each.toFixed(1));
  return `| ${name} | ${questions} | ${figures.join(" | ")} |`;
}

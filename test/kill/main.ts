/**
 * The long run: `npm run kill -- --seeds 50`, with DATABASE_URL for a server (its database is written to).
 * Each seed is a history of its own: all points in another order, each met at its first to third passing.
 */
import { parseArgs } from "node:util";
import { FAULT_POINTS } from "../../src/core/fault.ts";
import { seededRandom } from "../fake-discord/faults.ts";
import { liveThrough, type Life } from "./lives.ts";
import { openFolder, openStage } from "./stage.ts";

const { values } = parseArgs({
  options: { seeds: { type: "string", default: "1" }, from: { type: "string", default: "1" } },
});
const first = Number(values.from);
const last = first + Number(values.seeds) - 1;
let failed = 0;

for (let seed = first; seed <= last; seed++) {
  const startedAt = performance.now();
  await using database = await openDatabase();
  await using stage = await openStage(database);
  const { asked, missed, problems } = await liveThrough(stage, shuffled(seededRandom(seed)));
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const verdict = problems.length === 0 ? "ok" : "FAILED";
  console.log(
    `seed ${seed}: ${verdict}, ${FAULT_POINTS.length - missed.length} kills, ${asked} questions, ${seconds} s`,
  );
  for (const line of [...missed, ...problems]) console.log(`  ${line}`);
  if (problems.length > 0) failed++;
}
console.log(`${last - first + 1 - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

async function openDatabase() {
  const url = process.env["DATABASE_URL"];
  return url === undefined
    ? openFolder()
    : { env: { DATABASE_URL: url }, async [Symbol.asyncDispose]() {} };
}

function shuffled(random: () => number): readonly Life[] {
  return FAULT_POINTS.map((point) => ({
    point,
    order: random(),
    times: 1 + Math.floor(random() * 3),
  }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ point, times }) => ({ point, times }));
}

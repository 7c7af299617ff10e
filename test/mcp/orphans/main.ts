/** The long run: `node test/mcp/orphans/main.ts --kills 100`. Kills her at random moments, and counts what is left. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { killOnce, prepareFolder } from "./kill-rounds.ts";

const MAX_DELAY_MS = 1_500;

const { values } = parseArgs({ options: { kills: { type: "string", default: "100" } } });
const dataDir = await mkdtemp(join(tmpdir(), "clara-orphans-"));
let left = 0;
let orphans = 0;
try {
  await prepareFolder(dataDir);
  for (let kill = 1; kill <= Number(values.kills); kill++) {
    const round = await killOnce(dataDir, Math.random() * MAX_DELAY_MS);
    left += round.left;
    orphans += round.orphans;
    console.log(`kill ${kill}: ${round.left} left behind, ${round.orphans} after the next start`);
  }
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
console.log(`${values.kills} kills: ${left} processes left behind, ${orphans} orphans`);
process.exitCode = orphans > 0 ? 1 : 0;

/** Walks at random through what is remembered, for as many operations as one likes: `npm run leaks -- 100000 [seed]`. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noFault } from "../../src/core/fault.ts";
import { silentLog } from "../../src/core/log.ts";
import { openStore } from "../../src/store/index.ts";
import { seeded, walk } from "./walk.ts";

const PER_WALK = 2_000;
const [count = "20000", firstSeed = "1", url] = process.argv.slice(2);

const dataDir = await mkdtemp(join(tmpdir(), "clara-leaks-"));
const deps = {
  log: silentLog,
  fault: noFault,
  random: Math.random,
  createId: randomUUID,
  keys: [],
};
const store = await openStore(
  deps,
  url === undefined ? { kind: "embedded", dataDir } : { kind: "server", url },
);
let [done, seen, leaks] = [0, 0, 0];
for (let seed = Number(firstSeed); done < Number(count) && leaks === 0; seed++) {
  const walked = await walk(store, seeded(seed), Math.min(PER_WALK, Number(count) - done));
  done += walked.operations;
  seen += walked.seen;
  leaks += walked.leaks.length;
  for (const leak of walked.leaks.slice(0, 10)) console.error(`seed ${seed}: ${leak}`);
  console.log(`${done} operations, ${seen} canaries shown where they may be, ${leaks} leaks`);
}
await store[Symbol.asyncDispose]();
await rm(dataDir, { recursive: true });
process.exitCode = leaks === 0 ? 0 : 1;

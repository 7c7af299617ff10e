/**
 * A process of its own that uses a store, to be killed: `node store-child.ts ACTION OPTIONS`, where the options are those
 * of openStore() as JSON. Writes a line for everything that it has done, and ends when its input does.
 *
 *   accept   accepts message after message, and writes the id of each that was acknowledged
 *   work     takes a turn, claims it and tells the queue that it lives
 *   stall    takes a turn, claims it and falls silent, though its session lives
 */
import { randomUUID } from "node:crypto";
import { setInterval } from "node:timers/promises";
import { noFault } from "../src/core/fault.ts";
import { silentLog } from "../src/core/log.ts";
import type { ClaimedJob } from "../src/core/stores.ts";
import { openStore, type StoreOptions } from "../src/store/index.ts";
import type { Store } from "../src/store/start-store.ts";
import { accept, newChannel } from "./talk.ts";

const [, , action, options = ""] = process.argv;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
process.stdin.resume().on("end", () => process.kill(process.pid, "SIGKILL"));

const deps = {
  log: silentLog,
  fault: noFault,
  random: Math.random,
  createId: randomUUID,
  keys: [],
};
const store = await openStore(deps, JSON.parse(options) as StoreOptions);
for (const service of store.services) void service.run(new AbortController().signal);
say("open");

if (action === "accept") await acceptForEver(store);
if (action === "work") await tellOfLife(store, await takeTurn(store));
if (action === "stall") await takeTurn(store);

async function acceptForEver({ inbox }: Store): Promise<void> {
  const place = newChannel();
  for (;;) {
    const message = place.message("ana", "hello");
    await accept({ inbox }, message);
    say(message.id);
  }
}

async function takeTurn({ queue, turns }: Store): Promise<ClaimedJob> {
  for await (const _ of setInterval(20)) {
    const [job] = await queue.fetch(1);
    if (!job) continue;
    await turns.claim(job);
    say(job.turnId);
    return job;
  }
  throw new Error("unreachable");
}

async function tellOfLife({ queue }: Store, job: ClaimedJob): Promise<void> {
  for await (const _ of setInterval(1_000)) await queue.touch([job]);
}

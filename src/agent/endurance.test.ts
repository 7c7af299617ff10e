import { getEventListeners } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { z } from "zod";
import { createFakeOutlet } from "../../test/fake-outlet.ts";
import { createMemoryOutbox } from "../../test/memory-outbox.ts";
import { createMemorySteps } from "../../test/memory-steps.ts";
import { call, say, scriptedModel } from "../../test/scripted-model.ts";
import { freePolicy } from "../../test/memory-policy.ts";
import {
  contextOptions,
  limits,
  noBudgets,
  noSettings,
  plainOutgoing,
} from "../../test/turn-deps.ts";
import { turnOf } from "../../test/turns.ts";
import { systemClock } from "../core/clock.ts";
import { noFault } from "../core/fault.ts";
import { silentLog } from "../core/log.ts";
import { defineTool } from "../core/tool.ts";
import { runTurn, type TurnDeps } from "./run-turn.ts";

const TURNS = 1_000;
/** What is compiled and cached on the way is not counted. */
const WARM_UP = 500;
/** A turn that is not let go takes ten times as much. */
const MAX_BYTES_PER_TURN = 2_000;
const turn = turnOf();

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** A turn that uses a tool and is seen to grow, with nothing behind it that could remember anything. */
function oneTurn(): TurnDeps {
  const look = defineTool({
    name: "look",
    description: "Looks.",
    label: "Looking",
    effect: "read",
    timeoutMs: 60_000,
    input: z.object({}),
    run: async () => ({ text: "seen" }),
  });
  const model = scriptedModel([call(["look", {}]), say("Seen. ", "x".repeat(1_000))]);
  return {
    turns: {
      claim: async () => ({
        kind: "claimed",
        turn,
        steps: [],
        parts: [],
        planned: false,
        outcome: null,
        cancelled: null,
      }),
      cancel: async () => false,
      openTurn: async () => null,
      interrupted: async () => new Map(),
      finish: async () => {},
    },
    queue: {
      fetch: async () => [],
      touch: async () => {},
      release: () => Promise.reject(new Error("The turn failed")),
      drop: () => Promise.reject(new Error("The turn was lost")),
      onWork: () => {},
    },
    outbox: createMemoryOutbox(),
    outgoing: plainOutgoing,
    steps: createMemorySteps(),
    transcript: {
      recent: async () => [],
      chain: async () => [],
      search: async () => [],
      summary: async () => null,
      saveSummary: async () => {},
    },
    budgets: noBudgets,
    models: { byTier: () => model, defaultTier: "mid", autoTier: false },
    chooseTier: async () => "mid",
    ownSettings: noSettings,
    readAttachments: async () => [],
    tools: [look],
    policy: freePolicy(),
    toolSpecs: [],
    outlets: new Map([["discord", createFakeOutlet()]]),
    watch: () => {},
    clock: systemClock,
    fault: noFault,
    log: silentLog,
    limits,
    context: contextOptions,
  };
}

const timers = () =>
  process.getActiveResourcesInfo().filter((kind) => kind === "Timeout" || kind === "Immediate");

test("1,000 turns under one signal leave no listener, no timer and no memory behind", async () => {
  // As if the process itself were the signal: a turn's own would be gone with the turn.
  const { signal } = new AbortController();
  const run = async (count: number) => {
    const job = { jobId: "job", turnId: turn.id, attempt: 0 };
    const signals = { compose: signal, deliver: signal };
    for (let n = 0; n < count; n++) await runTurn(oneTurn(), job, signals, () => {});
  };
  const heap = async () => {
    // Twice, with a breath between: signals are let go by a finaliser.
    collectGarbage();
    await new Promise(setImmediate);
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  await run(WARM_UP);
  const timersBefore = timers().length;
  const before = await heap();

  await run(TURNS);

  const bytesPerTurn = ((await heap()) - before) / TURNS;
  expect(getEventListeners(signal, "abort")).toEqual([]);
  expect(timers().length).toBeLessThanOrEqual(timersBefore);
  expect(bytesPerTurn).toBeLessThan(MAX_BYTES_PER_TURN);
}, 60_000);

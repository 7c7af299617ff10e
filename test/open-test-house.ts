import { createTurnRunner } from "../src/agent/turn-runner.ts";
import { systemClock } from "../src/core/clock.ts";
import { noFault } from "../src/core/fault.ts";
import { createLocalOutlet, type LocalOutlet } from "../src/core/local-outlet.ts";
import { silentLog } from "../src/core/log.ts";
import type { Model } from "../src/core/model.ts";
import type { Tool } from "../src/core/tool.ts";
import { runTogether } from "../src/lib/run-together.ts";
import { openEmbeddedStore, type TestStore } from "./open-test-store.ts";
import { noBudgets, noSettings, plainOutgoing } from "./turn-deps.ts";

export interface TestHouse
  extends
    AsyncDisposable,
    Pick<TestStore, "inbox" | "turns" | "transcript" | "explanations" | "approvals"> {
  readonly local: LocalOutlet;
  readonly poke: () => void;
}

/** The real store, agent and local outlet around a model of the test's: for the rooms without an account. */
export async function openTestHouse(model: Model, tools: readonly Tool[] = []): Promise<TestHouse> {
  await using opening = new AsyncDisposableStack();
  const store = opening.use(await openEmbeddedStore());
  const local = createLocalOutlet();
  const runner = createTurnRunner(
    {
      turns: store.turns,
      queue: store.queue,
      outbox: store.outbox,
      steps: store.steps,
      outgoing: plainOutgoing,
      transcript: store.transcript,
      budgets: noBudgets,
      policy: { rules: store.toolRules, approvals: store.approvals, audit: store.audit, hosts: [] },
      models: { byTier: () => model, defaultTier: "mid", autoTier: false },
      chooseTier: async () => "mid",
      ownSettings: noSettings,
      readAttachments: async () => [],
      tools,
      toolSpecs: tools.map(({ name, description }) => ({ name, description, inputSchema: {} })),
      outlets: new Map([
        ["web", local],
        ["terminal", local],
      ]),
      watch: local.watch,
      clock: systemClock,
      fault: noFault,
      log: silentLog,
      limits: {
        maxSteps: 8,
        maxTurnMs: 60_000,
        maxTurnUsd: null,
        maxOutputTokens: 1_000,
        maxContextTokens: 50_000,
        maxToolResultChars: 1_000,
      },
      context: {
        botName: "Clara",
        persona: "You are {name}.",
        timeZone: "UTC",
        historyLimit: 50,
        dmHistoryLimit: 50,
        maxChars: 50_000,
      },
    },
    { graceMs: 0 },
  );
  const stop = new AbortController();
  const running = runTogether([...store.services, runner], stop.signal);
  opening.defer(async () => {
    stop.abort();
    await running;
  });
  const { inbox, turns, transcript, explanations, approvals } = store;
  const all = opening.move();
  return {
    inbox,
    turns,
    transcript,
    explanations,
    approvals,
    local,
    poke: runner.poke,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

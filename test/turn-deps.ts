import type { OwnSettings } from "../src/agent/own-settings.ts";
import { NO_SETTINGS, resolveSettings } from "../src/core/settings.ts";
import type { Budgets } from "../src/agent/budgets.ts";
import { createSecretFilter } from "../src/lib/secret-filter.ts";
import { createOutgoing, type Outgoing } from "../src/agent/outgoing.ts";
import { createTurnSignals, type TurnSignals } from "../src/agent/interrupt.ts";
import { runTurn, type TurnDeps } from "../src/agent/run-turn.ts";
import { systemClock } from "../src/core/clock.ts";
import { noFault } from "../src/core/fault.ts";
import type { TurnId } from "../src/core/ids.ts";
import { silentLog } from "../src/core/log.ts";
import type { Model } from "../src/core/model.ts";
import type { Outlet } from "../src/core/outlet.ts";
import type { Tool } from "../src/core/tool.ts";
import type { Store } from "../src/store/start-store.ts";
import { take } from "./talk.ts";

export const limits: TurnDeps["limits"] = {
  maxSteps: 8,
  maxTurnMs: 60_000,
  maxTurnUsd: null,
  maxOutputTokens: 1_000,
  maxContextTokens: 50_000,
  maxToolResultChars: 1_000,
};

export const contextOptions: TurnDeps["context"] = {
  botName: "Clara",
  persona: "You are {name}.",
  timeZone: "UTC",
  historyLimit: 50,
  dmHistoryLimit: 25,
  maxChars: 100_000,
};

/** As where nobody has set anything. */
export const noSettings: Pick<OwnSettings, "of"> = {
  of: async () =>
    resolveSettings({ person: NO_SETTINGS, channel: NO_SETTINGS, guild: NO_SETTINGS }),
};

/** As where no limit is set, and nobody counts. */
export const noBudgets: Budgets = {
  book: async () => null,
  charge: async () => {},
  allow: async () => true,
  left: async () => [],
};

/** Where there is no secret, and no host whose links are always shown. */
export const plainOutgoing: Outgoing = createOutgoing({
  secrets: createSecretFilter(() => []),
  hosts: [],
});

export interface TurnParts {
  readonly store: Store;
  readonly outlet: Outlet;
  readonly model: Model;
  readonly tools?: readonly Tool[];
}

/** The real turn on the parts of a test: for a place of Discord's, with no budgets and one model for every tier. */
export const turnDeps = ({ store, outlet, model, tools = [] }: TurnParts): TurnDeps => ({
  turns: store.turns,
  // What failed is taken up again at once.
  queue: { ...store.queue, release: (job) => store.queue.release(job, 0) },
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
  outlets: new Map([["discord", outlet]]),
  watch: () => {},
  clock: systemClock,
  fault: noFault,
  log: silentLog,
  limits,
  context: contextOptions,
});

/** One attempt at the turn, as the runner makes it. */
export async function attempt(
  { store, deps }: { readonly store: Store; readonly deps: TurnDeps },
  turnId: TurnId,
  signals: TurnSignals = createTurnSignals().signals,
): Promise<void> {
  await runTurn(deps, await take(store, turnId), signals, () => {});
}

/** The memory's part of the wiring: what app.ts needs of it, in one place. */
import type { Budgets } from "../agent/budgets.ts";
import { createReceiptClock } from "../agent/receipts.ts";
import type { Config } from "../config.ts";
import { systemClock } from "../core/clock.ts";
import type { Embedder } from "../core/embedder.ts";
import type { Log } from "../core/log.ts";
import type { Recall } from "../core/recall.ts";
import type { Models } from "../core/model.ts";
import type { ReceiptOutlet } from "../core/receipts.ts";
import type { Service } from "../core/service.ts";
import type { StepCost } from "../core/turn.ts";
import type { Tool } from "../core/tool.ts";
import { createEmbedding } from "../memory/embedding.ts";
import { learnFrom } from "../memory/learn.ts";
import { makeEpisode, QUIET_MS } from "../memory/make-episode.ts";
import { createRecall } from "../memory/recall.ts";
import type { Store } from "../store/index.ts";
import { memoryTools } from "../tools/memory/all.ts";
import type { House } from "./house.ts";

/** An answer does not wait longer for what is remembered. It takes some milliseconds, but for a person's first question. */
const RECALL_DEADLINE_MS = 1_000;

export interface Memory {
  readonly recall: Recall;
  readonly tools: readonly Tool[];
  /** Learns by jobs of their own, within the budgets, and never in the way of an answer. */
  readonly services: readonly Service[];
}

interface Deps {
  readonly config: Config;
  readonly store: Store;
  readonly models: Models;
  /** Whose low tier learns; null: that of who answers. */
  readonly learner: Models | null;
  /** null: facts are found by their words alone. */
  readonly embedder: Embedder | null;
  readonly budgets: Budgets;
  readonly isDemo: () => boolean;
  readonly log: Log;
}

export function openMemory(deps: Deps): Memory {
  const { config, store, models, learner, embedder, budgets, log: given } = deps;
  const log = given.child({ room: "memory" });
  const clock = systemClock;
  const { transcript, ledger, memories, intentions } = store;
  const graph = config.memory.hasGraph ? store.graph : null;
  const recall = createRecall({
    source: store.recall,
    episodes: store.episodes,
    ...(graph && { graph }),
    embedder,
    clock,
    log,
    deadlineMs: RECALL_DEADLINE_MS,
  });
  /** By rule, since the demo model cannot: until a key is entered. */
  const isByRule = () => learner === null && deps.isDemo();

  const learning = store.learning.serve(async (job, signal) => {
    const { scope, conversationId, turnId } = job;
    if (!isByRule() && !(await budgets.allow(scope, conversationId))) return;
    const pay = (cost: StepCost) =>
      ledger.charge(scope, conversationId, { purpose: "memory", turnId, cost });
    const model = (learner ?? models).byTier("low");
    const extraction = isByRule() ? null : { model, pay };
    const { botName } = config;
    const learnDeps = {
      transcript,
      memories,
      intentions,
      graph,
      recall,
      extraction,
      botName,
      clock,
      log,
    };
    await learnFrom(learnDeps, job, signal);
  });
  const remembering = store.episodeJobs.serve(QUIET_MS, async (job, signal) => {
    const { scope, conversation, turnId } = job;
    if (isByRule() || !(await budgets.allow(scope, conversation.id))) return;
    const pay = (cost: StepCost) =>
      ledger.charge(scope, conversation.id, { purpose: "memory", turnId, cost });
    const asking = { model: (learner ?? models).byTier("low"), pay };
    const { estimatesTone } = config.memory;
    const { episodes } = store;
    await makeEpisode({ episodes, asking, estimatesTone, log }, scope, conversation.id, signal);
  });
  const embedding =
    embedder === null ? [] : [createEmbedding({ vectors: store.vectors, embedder, log })];
  return {
    recall,
    services: [learning, remembering, ...embedding],
    tools: memoryTools({ memories, recall, transcript, audit: store.audit, clock }),
  };
}

/** Tells below answers what was learnt from their questions, where a place can show it. */
export const createReceiptService = (
  { store, ownSettings, log }: Pick<House, "store" | "ownSettings" | "log">,
  discord: ReceiptOutlet | null,
): Service =>
  createReceiptClock({
    receipts: store.receipts,
    outlets: new Map(discord === null ? [] : [["discord", discord]]),
    ownSettings,
    now: systemClock.now,
    log: log.child({ room: "memory" }),
  });

import { windowOf } from "../agent/context.ts";
import { summarise } from "../agent/summarise.ts";
import { systemClock } from "../core/clock.ts";
import type { Service } from "../core/service.ts";
import type { House } from "./house.ts";

/** Older lines are folded by jobs of their own, within the same budgets. */
export function createSummaries({ config, store, models, fault, log, budgets }: House): Service {
  const { transcript, ledger } = store;
  return store.summaries.serve(async ({ turnId, scope, conversation }, signal) => {
    if (!(await budgets.allow(scope, conversation.id))) return;
    const deps = {
      transcript,
      fault,
      model: models.byTier("low"),
      clock: systemClock,
      log: log.child({ room: "agent" }),
      summaryAgeMs: config.summaryAgeMs,
      window: windowOf(conversation, config.context),
    };
    const pay = (cost: Parameters<typeof ledger.charge>[2]["cost"]) =>
      ledger.charge(scope, conversation.id, { purpose: "summary", turnId, cost });
    await summarise({ ...deps, pay }, scope, conversation.id, signal);
  });
}

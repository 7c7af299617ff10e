import type { BudgetsLeft } from "../core/asker.ts";
import type { Clock } from "../core/clock.ts";
import type { Ledger } from "../core/stores.ts";
import { dayOf, type BudgetOptions } from "./budgets.ts";

/** What is left of each limit today. Books nothing. */
export function createBudgetsLeft(
  { ledger, clock }: { readonly ledger: Pick<Ledger, "spent">; readonly clock: Clock },
  { limits, timeZone }: BudgetOptions,
): BudgetsLeft {
  return async (scope, conversation) => {
    const now = clock.now();
    const { since, resetsAt } = dayOf(now, timeZone);
    const resetsInMs = resetsAt.getTime() - now.getTime();
    return Promise.all(
      limits.map(async (limit) => {
        const { costUsd, turns } = await ledger.spent(scope, conversation, limit.holder, since);
        return { limit, spent: limit.unit === "usd" ? costUsd : turns, resetsInMs };
      }),
    );
  };
}

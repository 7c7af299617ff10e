import type { Acquaintances, Asker, BudgetsLeft } from "../core/asker.ts";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Models } from "../core/model.ts";
import type { Ledger } from "../core/stores.ts";
import { createAsker } from "./ask-aside.ts";
import { createBudgetsLeft } from "./budgets-left.ts";
import type { BudgetOptions } from "./budgets.ts";

/** What is asked of a model outside of turns, within the same budgets. */
export function createAsking(
  deps: {
    readonly models: Models;
    readonly ledger: Ledger;
    readonly acquaintances: Acquaintances;
    readonly clock: Clock;
    readonly log: Log;
  },
  { isAble, budgets }: { readonly isAble: boolean; readonly budgets: BudgetOptions },
): { readonly asker: Asker; readonly budgetsLeft: BudgetsLeft } {
  const budgetsLeft = createBudgetsLeft(deps, budgets);
  return { budgetsLeft, asker: createAsker({ ...deps, budgetsLeft }, { isAble }) };
}

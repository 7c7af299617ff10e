import { createAsker } from "../agent/ask-aside.ts";
import type { Asker } from "../core/asker.ts";
import type { House } from "./house.ts";

/** Questions aside, with one count of those that are under way in this process. */
export const openAsker = ({
  store,
  models,
  ownSettings,
  budgets,
  log,
  setup,
}: Pick<House, "store" | "models" | "ownSettings" | "budgets" | "log" | "setup">): Asker =>
  createAsker(
    { ...store, models, ownSettings, budgetsLeft: budgets.left, log: log.child({ room: "agent" }) },
    { isAble: () => !setup.isDemo() },
  );

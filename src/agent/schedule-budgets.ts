import type { ScheduleQueue } from "../core/schedules.ts";
import type { Budgets } from "./budgets.ts";

/** The budgets of the house, and for turns of a schedule its own on top. */
export const withAllowances = (
  budgets: Budgets,
  schedules: Pick<ScheduleQueue, "allowance">,
): Budgets => ({
  ...budgets,
  async book(turn, lease, estimateUsd) {
    const allowance = turn.trigger === "schedule" ? await schedules.allowance(turn.id) : null;
    if (allowance) {
      const { runUsd, maxRunUsd, monthUsd, maxMonthUsd } = allowance;
      const over = runUsd >= maxRunUsd ? maxRunUsd : monthUsd >= maxMonthUsd ? maxMonthUsd : null;
      if (over !== null)
        return { limit: { holder: "schedule", unit: "usd", limit: over }, resetsInMs: 0 };
    }
    return budgets.book(turn, lease, estimateUsd);
  },
});

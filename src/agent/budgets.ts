import type { Clock } from "../core/clock.ts";
import type { ConversationId } from "../core/ids.ts";
import type { Scope } from "../core/principal.ts";
import type { BudgetLimit, Ledger } from "../core/stores.ts";
import type { Lease, Turn } from "../core/turn.ts";

export interface BudgetOptions {
  /** Empty for none. */
  readonly limits: readonly BudgetLimit[];
  /** IANA name: the day of a budget begins at midnight there. */
  readonly timeZone: string;
}

export interface Refusal {
  readonly limit: BudgetLimit;
  readonly resetsInMs: number;
}

export interface Budgets {
  /** Books the estimate of a model call; a Refusal when a limit is reached, and nothing is booked then. */
  readonly book: (turn: Turn, lease: Lease, estimateUsd: number) => Promise<Refusal | null>;
  /** True while no limit is reached: for calls that nobody waits for, such as a summary's. Books nothing. */
  readonly allow: (scope: Scope, conversation: ConversationId) => Promise<boolean>;
}

/** The one meter. Every model call of a turn passes `book` before it is made. */
export function createBudgets(
  deps: { readonly ledger: Ledger; readonly clock: Clock },
  { limits, timeZone }: BudgetOptions,
): Budgets {
  return {
    async book(turn, lease, estimateUsd) {
      if (limits.length === 0) return null;
      const now = deps.clock.now();
      const { since, resetsAt } = dayOf(now, timeZone);
      const { scope, conversation } = turn;
      const limit = await deps.ledger.reserve(
        scope,
        lease,
        conversation.id,
        limits,
        since,
        estimateUsd,
      );
      return limit && { limit, resetsInMs: resetsAt.getTime() - now.getTime() };
    },

    async allow(scope, conversation) {
      const { since } = dayOf(deps.clock.now(), timeZone);
      for (const { holder, unit, limit } of limits) {
        const spent = await deps.ledger.spent(scope, conversation, holder, since);
        if ((unit === "usd" ? spent.costUsd : spent.turns) >= limit) return false;
      }
      return true;
    },
  };
}

const DAY_MS = 86_400_000;

/** The day around `now` in a time zone. Days of 23 and 25 hours come out right: both ends are looked up. */
export function dayOf(now: Date, timeZone: string): { since: Date; resetsAt: Date } {
  const since = midnightBefore(now, timeZone);
  // 26 hours after midnight is the next day whatever the clocks do that night.
  const resetsAt = midnightBefore(new Date(since.getTime() + DAY_MS + 7_200_000), timeZone);
  return { since, resetsAt };
}

function midnightBefore(at: Date, timeZone: string): Date {
  const day = localDay(at, timeZone);
  // Step back to the last instant of the day before, then look for the boundary between both.
  let before = at.getTime() - DAY_MS - 7_200_000;
  let within = at.getTime();
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (localDay(new Date(middle), timeZone) === day) within = middle;
    else before = middle;
  }
  return new Date(within);
}

const localDay = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(at);

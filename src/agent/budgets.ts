import type { BudgetsLeft } from "../core/asker.ts";
import type { Clock } from "../core/clock.ts";
import type { ConversationId } from "../core/ids.ts";
import type { Scope } from "../core/principal.ts";
import type { BudgetLimit, Ledger } from "../core/stores.ts";
import type { Lease, StepCost, Turn } from "../core/turn.ts";

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
  /** Records what a call has cost that began and did not come to its end: stopped, broken, overtaken. */
  readonly charge: (turn: Turn, cost: StepCost) => Promise<void>;
  /** True while no limit is reached: for calls that nobody waits for, such as a summary's. Books nothing. */
  readonly allow: (scope: Scope, conversation: ConversationId) => Promise<boolean>;
  /** What is left of each limit today. Books nothing. */
  readonly left: BudgetsLeft;
}

/** The one meter. Every model call of a turn passes `book` before it is made. */
export function createBudgets(
  deps: {
    readonly ledger: Ledger;
    readonly clock: Clock;
    /** What the person, the channel and the server have set for themselves. */
    readonly ownLimits: (
      scope: Scope,
      conversation: ConversationId,
    ) => Promise<readonly BudgetLimit[]>;
  },
  { limits: configured, timeZone }: BudgetOptions,
): Budgets {
  let day: Day | null = null;
  /** Worked out once a day: looking up a midnight takes longer than asking the database. */
  const today = (now: Date): Day => {
    if (day === null || now < day.since || now >= day.resetsAt) day = dayOf(now, timeZone);
    return day;
  };
  const limitsOf = async (scope: Scope, conversation: ConversationId) => [
    ...configured,
    ...(await deps.ownLimits(scope, conversation)),
  ];

  const left: BudgetsLeft = async (scope, conversation) => {
    const now = deps.clock.now();
    const { since, resetsAt } = today(now);
    const resetsInMs = resetsAt.getTime() - now.getTime();
    const limits = await limitsOf(scope, conversation);
    return Promise.all(
      limits.map(async (limit) => {
        const spent = await deps.ledger.spent(scope, conversation, limit.holder, since);
        return { limit, spent: limit.unit === "usd" ? spent.costUsd : spent.turns, resetsInMs };
      }),
    );
  };

  return {
    left,

    async book(turn, lease, estimateUsd) {
      const { scope, conversation } = turn;
      const limits = await limitsOf(scope, conversation.id);
      if (limits.length === 0) return null;
      const now = deps.clock.now();
      const { since, resetsAt } = today(now);
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

    charge: ({ id: turnId, scope, conversation }, cost) =>
      deps.ledger.charge(scope, conversation.id, { purpose: "unfinished", turnId, cost }),

    async allow(scope, conversation) {
      const all = await left(scope, conversation);
      return all.every(({ limit: { limit }, spent }) => spent < limit);
    },
  };
}

const DAY_MS = 86_400_000;

interface Day {
  readonly since: Date;
  readonly resetsAt: Date;
}

/** The day around `now` in a time zone. Days of 23 and 25 hours come out right: both ends are looked up. */
export function dayOf(now: Date, timeZone: string): Day {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" });
  const since = midnightBefore(now, format);
  // 26 hours after midnight is the next day whatever the clocks do that night.
  const resetsAt = midnightBefore(new Date(since.getTime() + DAY_MS + 7_200_000), format);
  return { since, resetsAt };
}

function midnightBefore(at: Date, format: Intl.DateTimeFormat): Date {
  const day = format.format(at);
  // Step back to the last instant of the day before, then look for the boundary between both.
  let before = at.getTime() - DAY_MS - 7_200_000;
  let within = at.getTime();
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (format.format(middle) === day) within = middle;
    else before = middle;
  }
  return new Date(within);
}

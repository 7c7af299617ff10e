import type { Conversation } from "./message.ts";
import type { Scope } from "./principal.ts";

/** What a line of a report is about. job: what a call was for, such as "turn" or "summary". */
export type UsageBy = "person" | "channel" | "job" | "model";

export type UsageHolder = "person" | "channel" | "guild";

export interface UsageLine {
  /** An id of a person or a channel as the platform writes it, or the name of a job or a model. */
  readonly about: string;
  readonly turns: number;
  readonly tokens: number;
  /** What budgets count: the cost, or the estimate where no price is known. */
  readonly costUsd: number;
}

/** Who sees which report is the caller's to check; here a person sees only himself, and a server only itself. */
export interface UsageReports {
  /** Dearest first, at most `limit` lines. */
  readonly lines: (
    scope: Scope,
    place: Conversation,
    query: {
      readonly holder: UsageHolder;
      readonly by: UsageBy;
      readonly since: Date;
      readonly limit: number;
    },
  ) => Promise<readonly UsageLine[]>;
  /** What each day cost: from each of `starts` to the next, and from the last on. In order, as many as `starts`. */
  readonly days: (
    scope: Scope,
    place: Conversation,
    query: { readonly holder: UsageHolder; readonly starts: readonly Date[] },
  ) => Promise<readonly number[]>;
}

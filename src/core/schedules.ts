import type { Repeat } from "../lib/calendar.ts";
import type { TurnId } from "./ids.ts";
import type { Conversation } from "./message.ts";
import type { Scope } from "./principal.ts";

/** Scheduled prompts of one person that are open. */
export const MAX_OPEN_SCHEDULES = 10;
export const MAX_PROMPT_CHARS = 2_000;
/** Each run costs money and somebody's attention. */
export const MIN_SCHEDULE_HOURS = 1;
/** So many runs in a row that failed end it. */
export const MAX_FAILED_RUNS = 3;

/**
 *   open ---- due: one turn ----> open again, or ended
 *    |---- cancelled: its owner said so
 *    \---- halted: it failed too often, its money is spent, or its owner may not speak there any more; he is told
 */
export type ScheduleState = "open" | "ended" | "cancelled" | "halted";

export interface NewSchedule {
  readonly place: Conversation;
  readonly prompt: string;
  readonly dueAt: Date;
  readonly repeat: Repeat | null;
  /** How often it runs; 1 without a repeat. */
  readonly times: number;
  readonly zone: string;
  /** US dollars. */
  readonly maxRunUsd: number;
  /** US dollars in a calendar month of UTC. */
  readonly maxMonthUsd: number;
}

export interface Schedule extends Omit<NewSchedule, "times"> {
  readonly id: number;
  readonly state: ScheduleState;
  readonly timesLeft: number;
}

export type AddedSchedule =
  | { readonly kind: "added"; readonly schedule: Schedule }
  | { readonly kind: "too-many" };

/** As with reminders: in private their owner sees all of his, elsewhere those of the same readers. */
export interface Schedules {
  readonly add: (scope: Scope, schedule: NewSchedule) => Promise<AddedSchedule>;
  /** Open and halted ones, soonest first. */
  readonly list: (scope: Scope) => Promise<readonly Schedule[]>;
  /** null when there is none that is open and the scope's own. */
  readonly cancel: (scope: Scope, id: number) => Promise<Schedule | null>;
}

export type HaltReason = "failing" | "over-budget" | "no-access";

/** A schedule whose time has come, for the worker that took it. */
export interface DueSchedule extends Schedule {
  /** Of the owner, as he was when he set it. */
  readonly scope: Scope;
  readonly tries: number;
  readonly ageMs: number;
  /** Whether its last MAX_FAILED_RUNS runs all failed. */
  readonly isFailing: boolean;
  readonly spentThisMonthUsd: number;
}

export interface ScheduleQueue {
  readonly take: (now: Date, limit: number) => Promise<readonly DueSchedule[]>;
  /** Which turn this time's run is; before the turn can begin, so that its money is counted. */
  readonly begin: (due: DueSchedule, turnId: TurnId) => Promise<void>;
  /** False when another worker has it now. */
  readonly settle: (
    due: DueSchedule,
    next: { readonly dueAt: Date; readonly timesLeft: number } | null,
  ) => Promise<boolean>;
  /** One transaction: it ends, and its owner gets a reminder with these words in private. */
  readonly halt: (due: DueSchedule, words: string) => Promise<void>;
  readonly release: (due: DueSchedule, delayMs: number) => Promise<void>;
  readonly nextDue: () => Promise<Date | null>;
  /** What a turn may cost because of its schedule, and has cost; null for other turns. */
  readonly allowance: (turnId: TurnId) => Promise<Allowance | null>;
}

/** US dollars. */
export interface Allowance {
  readonly maxRunUsd: number;
  readonly runUsd: number;
  readonly maxMonthUsd: number;
  readonly monthUsd: number;
}

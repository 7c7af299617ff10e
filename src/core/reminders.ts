import type { Repeat } from "../lib/calendar.ts";
import type { ConversationId, UserId } from "./ids.ts";
import type { Conversation } from "./message.ts";
import type { Scope } from "./principal.ts";

/** Open reminders of one person. */
export const MAX_OPEN_REMINDERS = 50;
/** A repeat ends after so many times, and says so. */
export const MAX_REPEATS = 500;
export const MAX_REMINDER_CHARS = 1_000;
/** Shorter repeats would be noise. */
export const MIN_REPEAT_MINUTES = 10;

/**
 *   open ---- due, said ----> told ---- Done ----> done
 *    |  \                       \--- +10 min, Tomorrow, Repeat: a new one that is open, and this one done
 *    |   \--- said, and more to come: open again with the next time
 *    |---- cancelled
 *    \---- undeliverable: neither in the place nor in private; kept, so that its owner sees it in his list
 */
export type ReminderState = "open" | "told" | "done" | "cancelled" | "undeliverable";

export interface NewReminder {
  readonly place: Conversation;
  readonly to: "here" | "dm";
  readonly text: string;
  readonly dueAt: Date;
  readonly repeat: Repeat | null;
  /** How often it is said; 1 without a repeat. */
  readonly times: number;
  /** IANA name; "tomorrow" is meant there. */
  readonly zone: string;
}

export interface Reminder extends Omit<NewReminder, "times"> {
  readonly id: number;
  readonly state: ReminderState;
  /** How often it will still be said. */
  readonly timesLeft: number;
}

export type AddedReminder =
  | { readonly kind: "added"; readonly reminder: Reminder }
  /** MAX_OPEN_REMINDERS is reached. */
  | { readonly kind: "too-many" };

/** What an owner's press led to. already: it was pressed before. unknown: no such reminder, or somebody else's. */
export type Pressed =
  | { readonly kind: "done"; readonly reminder: Reminder }
  | { readonly kind: "already" | "unknown" | "too-many" };

/**
 * Reminders belong to the person who set them. In private their owner sees all of his, elsewhere those that were set
 * where the same people read.
 */
export interface Reminders {
  readonly add: (scope: Scope, reminder: NewReminder) => Promise<AddedReminder>;
  /** Open and undeliverable ones, soonest first, at most `MAX_OPEN_REMINDERS`. */
  readonly list: (scope: Scope) => Promise<readonly Reminder[]>;
  /** null when there is none that is open and the scope's own. */
  readonly cancel: (scope: Scope, id: number) => Promise<Reminder | null>;
  /** `dueAt`: which of its times was said. */
  readonly done: (scope: Scope, id: number, dueAt: Date) => Promise<Pressed>;
  /** The same once more, later; once for each time that was said. */
  readonly again: (
    scope: Scope,
    id: number,
    dueAt: Date,
    next: Pick<NewReminder, "dueAt" | "repeat" | "times">,
  ) => Promise<Pressed>;
  /** One of them, in whichever state; null as for cancel. */
  readonly one: (scope: Scope, id: number) => Promise<Reminder | null>;
  /** A place that Clara knows, as it was last seen; null when the scope may not see it. */
  readonly placeOf: (scope: Scope, id: ConversationId) => Promise<Conversation | null>;
}

/** A reminder whose time has come, for the worker that took it. */
export interface DueReminder extends Reminder {
  readonly owner: UserId;
  /** How often it was taken for this time. */
  readonly tries: number;
  /** Since it was first taken for this time. */
  readonly ageMs: number;
}

export interface Said {
  readonly place: Conversation;
  readonly messageId: string;
  readonly text: string;
}

export interface ReminderQueue {
  /** At most `limit` that are due at `now`, for this worker alone for REMINDER_LEASE_MS. */
  readonly take: (now: Date, limit: number) => Promise<readonly DueReminder[]>;
  /** It was said: kept in the transcript of its place; `next` is when it comes again. False when another has it now. */
  readonly settle: (
    due: DueReminder,
    said: Said,
    next: { readonly dueAt: Date; readonly timesLeft: number } | null,
  ) => Promise<boolean>;
  readonly giveUp: (due: DueReminder) => Promise<void>;
  /** To be taken again, after a delay. */
  readonly release: (due: DueReminder, delayMs: number) => Promise<void>;
  /** When something will be due or free to take; null for never. */
  readonly nextDue: () => Promise<Date | null>;
}

/** Shorter than Discord remembers a nonce: whoever takes over says the same message. */
export const REMINDER_LEASE_MS = 30_000;

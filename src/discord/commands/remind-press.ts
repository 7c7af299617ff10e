import type { AnnouncementButton } from "../../core/announcer.ts";
import type { Clock } from "../../core/clock.ts";
import { MAX_REPEATS, type Pressed, type Reminder, type Reminders } from "../../core/reminders.ts";
import { describeRepeat, type Calendar, type Repeat, type RepeatUnit } from "../../lib/calendar.ts";
import type { Press, PressOutcome } from "../press.ts";
import type { CommandContext } from "./define-command.ts";
import { snowflakeOf } from "../snowflake.ts";

const TEN_MINUTES_MS = 600_000;
const REMINDER = /^(done|ten|tomorrow|repeat|end|day|workdays|week|month):(\d{1,15}):(\d{1,15})$/;

export interface RemindPressDeps {
  readonly reminders: Reminders;
  readonly clock: Clock;
  readonly calendar: () => Promise<Calendar>;
  readonly poke: () => void;
}

const UNITS: Readonly<Partial<Record<string, RepeatUnit>>> = {
  day: "day",
  workdays: "week",
  week: "week",
  month: "month",
};
const WORKDAYS = [1, 2, 3, 4, 5];

/** Done, +10 min, Tomorrow, Repeat: for the reminder's owner, and each once for each time that it was said. */
export const createRemindPress =
  (deps: RemindPressDeps): Press =>
  async (leadsTo, context) => {
    const [, what, rawId, rawDue] = REMINDER.exec(leadsTo) ?? [];
    if (what === undefined) return null;
    const { reminders } = deps;
    const [id, dueAt] = [Number(rawId), new Date(Number(rawDue))];
    const { scope } = context;
    const reminder = await reminders.one(scope, id);
    if (!reminder) return whisper("That is not your reminder.");
    const at = { reminder, dueAt, context };
    switch (what) {
      case "done":
        return shown(at, await reminders.done(scope, id, dueAt), "✅ Done.");
      case "end":
        await reminders.cancel(scope, id);
        return replaced(at, "✅ Done, and I will not come back with it.");
      case "repeat":
        return replaced(at, "🔁 How often?", [repeatButtons(id, dueAt)]);
      case "ten":
        return again(deps, at, new Date(deps.clock.now().getTime() + TEN_MINUTES_MS), null);
      case "tomorrow": {
        const { nextDay } = await deps.calendar();
        return again(deps, at, nextDay(dueAt, deps.clock.now(), reminder.zone), null);
      }
      default:
        return repeatFrom(deps, at, what);
    }
  };

interface At {
  readonly reminder: Reminder;
  readonly dueAt: Date;
  readonly context: CommandContext;
}

const repeatButtons = (id: number, dueAt: Date): readonly AnnouncementButton[] => {
  const to = (what: string) => `${what}:${id}:${dueAt.getTime()}`;
  return [
    { label: "Every day", leadsTo: to("day") },
    { label: "Monday to Friday", leadsTo: to("workdays") },
    { label: "Every week", leadsTo: to("week") },
    { label: "Every month", leadsTo: to("month") },
    { label: "Done", emoji: "✅", leadsTo: to("done") },
  ];
};

async function repeatFrom(deps: RemindPressDeps, at: At, what: string): Promise<PressOutcome> {
  const { repeatFrom: begin, nextAfter } = await deps.calendar();
  const base = begin(at.dueAt, UNITS[what] ?? "day", at.reminder.zone);
  const repeat = what === "workdays" ? { ...base, weekdays: WORKDAYS } : base;
  return again(deps, at, nextAfter(repeat, deps.clock.now()), repeat);
}

async function again(
  deps: RemindPressDeps,
  at: At,
  next: Date,
  repeat: Repeat | null,
): Promise<PressOutcome> {
  const times = repeat === null ? 1 : MAX_REPEATS;
  const { reminder, dueAt, context } = at;
  const given = { dueAt: next, repeat, times };
  const pressed = await deps.reminders.again(context.scope, reminder.id, dueAt, given);
  if (pressed.kind === "done") deps.poke();
  const often = repeat === null ? "" : `, ${describeRepeat(repeat)}`;
  return shown(at, pressed, `${repeat === null ? "💤 Again" : "🔁 Next"} ${stamp(next)}${often}.`);
}

function shown(at: At, { kind }: Pressed, remark: string): PressOutcome {
  switch (kind) {
    case "done":
      return replaced(at, remark);
    case "already":
      return whisper("You have decided that already.");
    case "too-many":
      return whisper("You have too many open reminders: cancel one first, with `/remind list`.");
    case "unknown":
      return whisper("That is not your reminder.");
  }
}

function replaced(
  { reminder, context }: At,
  remark: string,
  rows: readonly (readonly AnnouncementButton[])[] = [],
): PressOutcome {
  const ping =
    context.conversation.kind === "dm" ? "" : `<@${snowflakeOf(context.scope.principal.userId)}> `;
  return { kind: "replace", text: `${ping}⏰ ${reminder.text}\n-# ${remark}`, rows };
}

/** Discord shows it in the reader's own zone and language. */
export const stamp = (at: Date): string => {
  const seconds = Math.floor(at.getTime() / 1_000);
  return `<t:${seconds}:F> (<t:${seconds}:R>)`;
};

const whisper = (text: string): PressOutcome => ({ kind: "whisper", text });

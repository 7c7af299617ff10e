import { z } from "zod";
import { describeTime, readTime, type WhenDeps } from "../../agent/read-time.ts";
import {
  MAX_OPEN_REMINDERS,
  MAX_REMINDER_CHARS,
  MAX_REPEATS,
  type Reminders,
} from "../../core/reminders.ts";
import type { SettingsStore } from "../../core/settings.ts";
import { defineTool } from "../../core/tool.ts";
import { ownZoneInput, whenInput } from "./inputs.ts";

export interface RemindersDeps extends WhenDeps {
  readonly reminders: Reminders;
  readonly settings: Pick<SettingsStore, "zone" | "setZone" | "of">;
  /** Tells the clockwork that something was set. */
  readonly poke: () => void;
}

export const remindMe = (deps: RemindersDeps) =>
  defineTool({
    name: "remind_me",
    description:
      "Remind the person who asks, later or again and again, with a message and a ping. Only for themselves. Tell them the time that comes back.",
    label: "Setting a reminder",
    effect: "write",
    timeoutMs: 10_000,
    input: z.object({
      text: z.string().trim().min(1).max(MAX_REMINDER_CHARS).describe("What to remind them of"),
      when: whenInput,
      where: z
        .enum(["here", "dm"])
        .optional()
        .describe("here: in this conversation. dm: in private. Left out, as the person likes it"),
      times: z
        .int()
        .min(1)
        .max(MAX_REPEATS)
        .optional()
        .describe(`How often a repeat comes; left out, ${MAX_REPEATS} times`),
      time_zone: ownZoneInput,
    }),
    explain: ({ text, when }) => ({
      what: "Set a reminder",
      target: `you, ${when}: ${text}`,
      reversible: true,
    }),
    async run({ text, when, where, times, time_zone: given }, { scope, conversationId }) {
      const { reminders, poke, settings } = deps;
      const time = await readTime(deps, scope, when, given);
      if (time.kind === "unclear") return { text: time.why, isError: true };
      const { at, repeat, zone } = time;
      const place = await reminders.placeOf(scope, conversationId);
      if (!place)
        return { text: "I do not know this place well enough to come back.", isError: true };
      const to = where ?? (await settings.of(scope, place)).person.remindersTo ?? "here";
      const added = await reminders.add(scope, {
        place,
        to,
        text,
        dueAt: at,
        repeat,
        times: repeat === null ? 1 : (times ?? MAX_REPEATS),
        zone,
      });
      if (added.kind === "too-many")
        return {
          text: `The person has ${MAX_OPEN_REMINDERS} open reminders, which is the most. One has to go first: list_reminders, cancel_reminder.`,
          isError: true,
        };
      poke();
      return {
        text: `Reminder ${added.reminder.id} is set for ${describeTime(at, repeat, zone)}, ${to === "dm" ? "in private" : "here"}.`,
      };
    },
  });

export const listReminders = ({ reminders }: RemindersDeps) =>
  defineTool({
    name: "list_reminders",
    description: "The open reminders of the person who asks, soonest first.",
    label: "Looking at the reminders",
    effect: "read",
    timeoutMs: 10_000,
    input: z.object({}),
    async run(_, { scope }) {
      const found = await reminders.list(scope);
      if (found.length === 0) return { text: "There are no open reminders." };
      const lines = found.map(({ id, text, dueAt, repeat, zone, state }) => {
        const failed = state === "undeliverable" ? " (could not be delivered)" : "";
        return `${id}: ${describeTime(dueAt, repeat, zone)}${failed}: ${text}`;
      });
      return { text: lines.join("\n") };
    },
  });

export const cancelReminder = ({ reminders }: RemindersDeps) =>
  defineTool({
    name: "cancel_reminder",
    description: "Cancel one open reminder of the person who asks, by its number.",
    label: "Cancelling a reminder",
    effect: "write",
    timeoutMs: 10_000,
    input: z.object({ id: z.int().min(1).describe("The number from list_reminders") }),
    explain: ({ id }) => ({ what: "Cancel a reminder", target: `number ${id}`, reversible: false }),
    async run({ id }, { scope }) {
      const gone = await reminders.cancel(scope, id);
      return gone
        ? { text: `Reminder ${id} is cancelled: ${gone.text}` }
        : { text: `There is no open reminder ${id} of this person here.`, isError: true };
    },
  });

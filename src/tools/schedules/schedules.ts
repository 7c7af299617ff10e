import { z } from "zod";
import { describeTime, readTime, type WhenDeps } from "../../agent/read-time.ts";
import { MAX_REPEATS, type Reminders } from "../../core/reminders.ts";
import {
  MAX_OPEN_SCHEDULES,
  MAX_PROMPT_CHARS,
  MIN_SCHEDULE_HOURS,
  type Schedule,
  type Schedules,
} from "../../core/schedules.ts";
import { defineTool } from "../../core/tool.ts";
import { ownZoneInput, whenInput } from "../reminders/inputs.ts";

export interface SchedulesDeps extends WhenDeps {
  readonly reminders: Reminders;
  readonly schedules: Schedules;
  /** Tells the clockwork that something was set. */
  readonly poke: () => void;
}

const DEFAULT_RUN_USD = 0.25;
const MAX_RUN_USD = 5;
const DEFAULT_MONTH_USD = 5;
const MAX_MONTH_USD = 100;

const usd = (max: number, fallback: number) => z.number().positive().max(max).default(fallback);

export const schedulePrompt = (deps: SchedulesDeps) =>
  defineTool({
    name: "schedule_prompt",
    description:
      "Let yourself work on a prompt later or again and again, in this conversation, on behalf of the person who asks: look something up every morning, write a weekly summary. For a mere reminder use remind_me. Tell them the time and the budget that come back.",
    label: "Scheduling a prompt",
    effect: "write",
    timeoutMs: 10_000,
    input: z.object({
      prompt: z
        .string()
        .trim()
        .min(1)
        .max(MAX_PROMPT_CHARS)
        .describe("What you are to do then; it has to stand by itself"),
      when: whenInput,
      times: z.int().min(1).max(MAX_REPEATS).optional().describe("How often a repeat runs"),
      max_usd_per_run: usd(MAX_RUN_USD, DEFAULT_RUN_USD),
      max_usd_per_month: usd(MAX_MONTH_USD, DEFAULT_MONTH_USD),
      time_zone: ownZoneInput,
    }),
    explain: ({ prompt, when, max_usd_per_run: run, max_usd_per_month: month }) => ({
      what: `Work on a prompt by the clock, for at most $${run} a time and $${month} a month`,
      target: `${when}: ${prompt}`,
      reversible: true,
    }),
    async run(input, { scope, conversationId }) {
      const {
        prompt,
        when,
        times,
        max_usd_per_run: maxRunUsd,
        max_usd_per_month: maxMonthUsd,
      } = input;
      const time = await readTime(deps, scope, when, input.time_zone);
      if (time.kind === "unclear") return { text: time.why, isError: true };
      const { at, repeat, zone } = time;
      if (repeat?.unit === "minute" && repeat.every < MIN_SCHEDULE_HOURS * 60)
        return { text: "At most every hour, please: each run costs money.", isError: true };
      const place = await deps.reminders.placeOf(scope, conversationId);
      if (!place)
        return { text: "I do not know this place well enough to come back.", isError: true };
      const often = repeat === null ? 1 : (times ?? MAX_REPEATS);
      const given = {
        place,
        prompt,
        dueAt: at,
        repeat,
        times: often,
        zone,
        maxRunUsd,
        maxMonthUsd,
      };
      const added = await deps.schedules.add(scope, given);
      if (added.kind === "too-many")
        return {
          text: `The person has ${MAX_OPEN_SCHEDULES} open scheduled prompts, which is the most. One has to go first: list_scheduled_prompts, cancel_scheduled_prompt.`,
          isError: true,
        };
      deps.poke();
      return { text: `Scheduled as number ${describe(added.schedule)}` };
    },
  });

export const listScheduledPrompts = ({ schedules }: SchedulesDeps) =>
  defineTool({
    name: "list_scheduled_prompts",
    description: "The scheduled prompts of the person who asks, soonest first.",
    label: "Looking at the scheduled prompts",
    effect: "read",
    timeoutMs: 10_000,
    input: z.object({}),
    async run(_, { scope }) {
      const found = await schedules.list(scope);
      if (found.length === 0) return { text: "There are no scheduled prompts." };
      return { text: found.map(describe).join("\n") };
    },
  });

export const cancelScheduledPrompt = ({ schedules }: SchedulesDeps) =>
  defineTool({
    name: "cancel_scheduled_prompt",
    description: "Cancel one scheduled prompt of the person who asks, by its number.",
    label: "Cancelling a scheduled prompt",
    effect: "write",
    timeoutMs: 10_000,
    input: z.object({ id: z.int().min(1).describe("The number from list_scheduled_prompts") }),
    explain: ({ id }) => ({
      what: "Cancel a scheduled prompt",
      target: `number ${id}`,
      reversible: false,
    }),
    async run({ id }, { scope }) {
      const gone = await schedules.cancel(scope, id);
      return gone
        ? { text: `Scheduled prompt ${id} is cancelled: ${gone.prompt}` }
        : { text: `There is no scheduled prompt ${id} of this person here.`, isError: true };
    },
  });

const describe = ({ id, dueAt, repeat, zone, state, prompt, maxRunUsd, maxMonthUsd }: Schedule) => {
  const halted = state === "halted" ? " (stopped)" : "";
  return `${id}: ${describeTime(dueAt, repeat, zone)}, at most $${maxRunUsd} a run and $${maxMonthUsd} a month${halted}: ${prompt}`;
};

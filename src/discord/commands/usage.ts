import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
} from "discord-api-types/v10";
import { dayOf } from "../../agent/budgets.ts";
import type { BudgetsLeft } from "../../core/asker.ts";
import type { Clock } from "../../core/clock.ts";
import type { UsageBy, UsageHolder, UsageLine, UsageReports } from "../../core/usage-report.ts";
import {
  defineCommand,
  defineGroup,
  type CommandContext,
  type CommandInput,
} from "./define-command.ts";
import { refusalFor } from "./places.ts";
import type { ReplyFile } from "./reply.ts";
import { usageChart } from "./usage-chart.ts";

interface Deps {
  readonly usage: UsageReports;
  readonly budgetsLeft: BudgetsLeft;
  readonly clock: Clock;
  /** IANA name: where the day of a budget begins. */
  readonly timeZone: string;
}

const MONTH_MS = 30 * 86_400_000;
const CHART_DAYS = 30;
const MAX_LINES = 25;
const BAR_CELLS = 12;

const PERIOD: APIApplicationCommandBasicOption = {
  type: ApplicationCommandOptionType.String,
  name: "since",
  description: "Left out: today",
  required: false,
  choices: [
    { name: "today", value: "today" },
    { name: "30 days", value: "month" },
  ],
};

/** `/usage`: what Clara cost. Everybody sees himself; a channel its managers, a server its admins. */
export const usageGroup = (deps: Deps) =>
  defineGroup({
    name: "usage",
    offer: "anywhere",
    description: "What I cost, and whom",
    commands: [
      me(deps),
      report(deps, "channel", "What I cost in this channel, by person", "channel", "person"),
      report(deps, "members", "What I cost in this server, by person", "guild", "person"),
      report(deps, "server", "What I cost in this server, by channel", "guild", "channel"),
      report(deps, "jobs", "What I cost in this server, by what it was for", "guild", "job"),
      report(deps, "models", "What I cost in this server, by model", "guild", "model"),
    ],
  });

const me = (deps: Deps) =>
  defineCommand({
    name: "me",
    description: "What you used today and in the last 30 days",
    options: [],
    async run(_, context) {
      const own = async (since: Date) =>
        sum(await linesOf(deps, context, { holder: "person", by: "job", since }));
      const [today, month] = [await own(startOfToday(deps)), await own(monthAgo(deps))];
      const text = [
        `**You**`,
        `Today: ${inWords(today)}`,
        `The last 30 days: ${inWords(month)}`,
        ...(await leftWords(deps, context, ["person", "member"])),
      ].join("\n");
      return { text, files: await chartOf(deps, context, "person") };
    },
  });

function report(
  deps: Deps,
  name: string,
  description: string,
  holder: "channel" | "guild",
  by: UsageBy,
) {
  return defineCommand({
    name,
    description,
    options: [PERIOD],
    async run(input, context) {
      const refusal = refusalFor(holder, context);
      if (refusal !== null) return refusal;
      const since = sinceOf(deps, input);
      const lines = await linesOf(deps, context, { holder, by, since });
      if (lines.length === 0) return "Nothing was used in that time.";
      const dearest = Math.max(...lines.map(({ costUsd }) => costUsd), Number.MIN_VALUE);
      const text = [
        `**${description}**, since <t:${Math.floor(since.getTime() / 1_000)}:f>`,
        ...lines.map(
          (line) => `\`${bar(line.costUsd / dearest)}\` ${nameOf(by, line)}: ${inWords(line)}`,
        ),
        `Together: ${inWords(sum(lines))}`,
        ...(await leftWords(deps, context, [holder])),
      ].join("\n");
      return { text, files: await chartOf(deps, context, holder) };
    },
  });
}

const LEFT_FOR = {
  person: "Left for you today",
  member: "Left for your role here today",
  channel: "Left for this channel today",
  guild: "Left for this server today",
} as const;
type LeftFor = keyof typeof LEFT_FOR;

/** Of the budgets of these holders; what a channel or a server has left is its keepers' to know. */
async function leftWords(
  { budgetsLeft }: Deps,
  { scope, conversation }: CommandContext,
  holders: readonly LeftFor[],
): Promise<readonly string[]> {
  const all = await budgetsLeft(scope, conversation.id);
  return holders.flatMap((holder) =>
    all
      .filter(({ limit }) => limit.holder === holder)
      .map(({ limit: { unit, limit }, spent }) => {
        const rest = Math.max(0, limit - spent);
        return unit === "usd"
          ? `${LEFT_FOR[holder]}: $${rest.toFixed(2)} of $${limit.toFixed(2)}`
          : `${LEFT_FOR[holder]}: ${count.format(rest)} of ${count.format(limit)} answers`;
      }),
  );
}

/** The last 30 days as a picture; none where nothing was spent. */
async function chartOf(
  { usage, clock, timeZone }: Deps,
  { scope, conversation }: CommandContext,
  holder: UsageHolder,
): Promise<readonly ReplyFile[]> {
  const starts = lastDays(clock.now(), timeZone);
  const costs = await usage.days(scope, conversation, { holder, starts });
  if (costs.every((costUsd) => costUsd === 0)) return [];
  const date = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" });
  const days = starts.map((start, index) => ({
    date: date.format(start),
    costUsd: costs[index] ?? 0,
  }));
  return [await usageChart(days)];
}

/** Where each of the last days began, oldest first; today is the last. */
function lastDays(now: Date, timeZone: string): readonly Date[] {
  const starts = [dayOf(now, timeZone).since];
  while (starts.length < CHART_DAYS)
    starts.unshift(dayOf(new Date((starts[0] ?? now).getTime() - 1), timeZone).since);
  return starts;
}

const linesOf = (
  { usage }: Deps,
  { scope, conversation }: CommandContext,
  query: { holder: UsageHolder; by: UsageBy; since: Date },
) => usage.lines(scope, conversation, { ...query, limit: MAX_LINES });

const startOfToday = ({ clock, timeZone }: Deps): Date => dayOf(clock.now(), timeZone).since;
const monthAgo = ({ clock }: Deps): Date => new Date(clock.now().getTime() - MONTH_MS);
const sinceOf = (deps: Deps, input: CommandInput): Date =>
  input["since"] === "month" ? monthAgo(deps) : startOfToday(deps);

/** Discord writes the names, as each reader may know them. */
function nameOf(by: UsageBy, { about }: UsageLine): string {
  if (by === "person") return `<@${about.replace(/^discord:/, "")}>`;
  return by === "channel" ? `<#${about}>` : about;
}

const sum = (lines: readonly UsageLine[]): Omit<UsageLine, "about"> => ({
  turns: lines.reduce((all, { turns }) => all + turns, 0),
  tokens: lines.reduce((all, { tokens }) => all + tokens, 0),
  costUsd: lines.reduce((all, { costUsd }) => all + costUsd, 0),
});

const count = new Intl.NumberFormat("en-US");

const inWords = ({ turns, tokens, costUsd }: Omit<UsageLine, "about">): string =>
  `$${costUsd.toFixed(costUsd < 0.1 ? 4 : 2)}, ${count.format(turns)} ${turns === 1 ? "answer" : "answers"}, ${count.format(tokens)} tokens`;

const bar = (share: number): string =>
  "█".repeat(Math.round(share * BAR_CELLS)).padEnd(BAR_CELLS, "░");

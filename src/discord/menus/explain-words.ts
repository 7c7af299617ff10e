import type { BudgetLeft } from "../../core/asker.ts";
import type { AnswerFacts, ContextFacts, CostFacts, ToolFact } from "../../core/explanations.ts";
import type { Tier } from "../../core/model.ts";
import type { BudgetHolder } from "../../core/stores.ts";
import type { Trigger } from "../../core/turn.ts";
import { count, counted, duration, moment, usd } from "./figures.ts";

/** Tools that are listed; of more it is said how many. */
const MAX_TOOLS = 12;
/** A wait that is worth a word. */
const NOTEWORTHY_WAIT_MS = 1_500;

/** How an answer came about, for the one who asked why. `left` is what he may know of budgets. */
export function explainWords(
  facts: AnswerFacts,
  left: readonly BudgetLeft[],
  modelOf: (tier: Tier) => string,
): string {
  const lines = [
    `Asked: ${REASON[facts.trigger]}${edited(facts)}`,
    `Model: ${modelWords(facts, modelOf)}`,
    `Read: ${facts.context ? readWords(facts.context) : "not kept (any more)"}`,
    ...(facts.context ? [`Memories: ${memoryWords(facts.context)}`] : []),
    `Tools: ${toolWords(facts.tools)}`,
    `Time: ${timeWords(facts)}`,
    ...(facts.detail === null ? [] : endWords(facts.detail)),
    ...(facts.cost ? [`Cost: ${costWords(facts.cost)}`] : []),
    ...(left.length > 0 ? [`Left today: ${left.map(leftWords).join("; ")}`] : []),
  ];
  return ["**Why this answer**", ...lines.map((line) => `- ${line}`)].join("\n");
}

const REASON: Readonly<Record<Trigger, string>> = {
  dm: "in private, where I answer everything",
  mention: "somebody mentioned me",
  reply: "somebody replied to me, or pressed a button below an answer",
  active: "this channel is set to active",
  schedule: "a schedule said so",
  approval: "a click on a card allowed it",
  local: "in the playground",
};

const edited = ({ revision }: AnswerFacts): string =>
  revision === 0 ? "" : `; edited, this answers version ${revision + 1}`;

function modelWords({ models, tier }: AnswerFacts, modelOf: (tier: Tier) => string): string {
  if (models.length === 0) return "none was asked";
  const names = models.map((name) => `\`${name}\``).join(", then ");
  if (tier !== null) return `${names} (\`!${tier}\` was asked for)`;
  const usual = (["high", "mid", "low"] as const).find((each) => models.includes(modelOf(each)));
  return usual ? `${names} (${usual})` : `${names} (in place of the usual one)`;
}

function readWords({ lines, leftOut, quoted, summaryUpTo }: ContextFacts): string {
  const said = [
    `the question and ${counted(lines, "line")} before it`,
    ...(quoted > 0 ? [`${counted(quoted, "line")} that it replies to`] : []),
    summaryUpTo === null
      ? "no summary"
      : `the summary of what was said until ${moment(new Date(summaryUpTo), "f")}`,
  ];
  const cut = leftOut > 0 ? `; ${counted(leftOut, "older line")} did not fit` : "";
  return `${said.join(", ")}${cut}`;
}

const memoryWords = ({ memories }: ContextFacts): string =>
  memories === 0 ? "none" : counted(memories, "memory", "memories");

function toolWords(tools: readonly ToolFact[]): string {
  if (tools.length === 0) return "none";
  const listed = tools.slice(0, MAX_TOOLS).map(({ name, result, elapsedMs }) => {
    const took = elapsedMs === null ? "" : `, ${duration(elapsedMs)}`;
    return `\`${name}\` (${RESULT[result]}${took})`;
  });
  const more = tools.length - listed.length;
  return [...listed, ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}

const RESULT = { ok: "ok", error: "failed", unknown: "result unknown" } as const;

function timeWords({ waitedMs, ahead, tookMs, claims }: AnswerFacts): string {
  const behind =
    ahead > 0 ? `${counted(ahead, "question")} came first` : "I was away, or busy in other places";
  return [
    ...(waitedMs > NOTEWORTHY_WAIT_MS ? [`waited ${duration(waitedMs)}: ${behind}`] : []),
    tookMs === null ? "still at it" : `answered within ${duration(tookMs)}`,
    ...(claims > 1 ? [`taken up ${claims} times, since I was interrupted`] : []),
  ].join("; ");
}

const ENDS: Readonly<Record<string, string>> = {
  "cut-short": "cut off by the model's length limit",
  "out-of-steps": "stopped, since it took more steps than one answer may have",
  "over-budget": "no model was asked (any more): a budget was used up",
  stopped: "stopped by a person",
  refused: "the model refused",
  empty: "the model said nothing",
  "gave-up": "given up after several interruptions",
};

function endWords(detail: string): readonly string[] {
  const known = ENDS[detail];
  if (known !== undefined) return [`End: ${known}`];
  return detail.startsWith("model:") ? [`End: the model failed (${detail.slice(6)})`] : [];
}

function costWords({ costUsd, calls, ...tokens }: CostFacts): string {
  if (calls === 0) return "nothing";
  const price = costUsd === null ? "no price is known" : usd(costUsd);
  const cached = tokens.cachedInputTokens > 0 ? ` (${count(tokens.cachedInputTokens)} cached)` : "";
  const size = `${count(tokens.inputTokens)} tokens in${cached}, ${count(tokens.outputTokens)} out`;
  return `${price}, ${size}, ${counted(calls, "call")}`;
}

const WHOSE: Readonly<Record<BudgetHolder, string>> = {
  person: "you",
  member: "your role here",
  channel: "this channel",
  guild: "this server",
  schedule: "this schedule",
  everyone: "everybody together",
};

function leftWords({ limit: { holder, unit, limit }, spent, resetsInMs }: BudgetLeft): string {
  const rest = Math.max(0, limit - spent);
  const amount =
    unit === "usd" ? `${usd(rest)} of ${usd(limit)}` : `${count(rest)} of ${count(limit)} answers`;
  return `${WHOSE[holder]} ${amount}, anew in ${duration(resetsInMs)}`;
}

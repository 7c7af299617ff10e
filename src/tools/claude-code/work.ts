import type { BudgetsLeft } from "../../core/asker.ts";
import type { Usage } from "../../core/model.ts";
import type { Ledger } from "../../core/stores.ts";
import type { ToolContext, ToolOutput } from "../../core/tool.ts";
import type { AgentSdk } from "./agent-sdk.ts";
import { rememberFolder } from "./folder-diff.ts";
import { runAgent, type AgentJob, type AgentResult, type AgentSettings } from "./run-agent.ts";

export interface WorkDeps {
  readonly ledger: Pick<Ledger, "charge">;
  readonly left: BudgetsLeft;
  /** For what goes to people. */
  readonly cleanText: (text: string) => string;
}

const MAX_TEXT_CHARS = 4_000;
const MAX_USED = 10;

/** null where no budget in dollars holds. */
export async function usdLeft({ left }: WorkDeps, context: ToolContext): Promise<number | null> {
  const budgets = await left(context.scope, context.conversationId);
  if (budgets.some(({ limit, spent }) => spent >= limit.limit)) return 0;
  const usd = budgets.flatMap(({ limit, spent }) =>
    limit.unit === "usd" ? [limit.limit - spent] : [],
  );
  return usd.length === 0 ? null : Math.min(...usd);
}

/** One run: the agent, what it changed, and its cost on the meter, also when it was stopped. */
export async function work(
  deps: WorkDeps,
  settings: AgentSettings,
  sdk: AgentSdk,
  context: ToolContext,
  job: AgentJob,
  onStep: (step: string) => void,
): Promise<ToolOutput> {
  const before = await rememberFolder(job.folder, settings.env);
  try {
    const result = await runPaid(deps, settings, sdk, context, job, onStep);
    const changes = before === null ? null : await before.changes();
    const content = Buffer.from(deps.cleanText(changes ?? ""));
    const file = { name: "changes.diff", contentType: "text/x-diff", content };
    return {
      text: toWords(result, changesIn(before !== null, changes)),
      isError: result.isError,
      taints: [{ source: "sandbox", name: "Claude Code" }],
      ...(changes !== null && changes !== "" && { files: [file] }),
    };
  } finally {
    await before?.forget();
  }
}

async function runPaid(
  ...[deps, settings, sdk, context, job, onStep]: Parameters<typeof work>
): Promise<AgentResult> {
  context.signal.throwIfAborted();
  let usage = NOTHING;
  const watcher = { step: onStep, spent: (spent: Usage) => void (usage = spent) };
  try {
    return await runAgent(sdk, job, settings, watcher, context.signal);
  } finally {
    // Broken off before it said so, it may have cost all that it was given.
    await charge(deps, context, { ...usage, costUsd: usage.costUsd ?? job.maxUsd });
  }
}

/** null: git did not say, or had too much to say. */
function changesIn(hasGit: boolean, changes: string | null): string {
  if (!hasGit) return "What it changed cannot be shown: the folder is not under git.";
  if (changes === null) return "What it changed cannot be shown: it is too much, or git failed.";
  return changes === ""
    ? "It changed nothing."
    : "What it changed goes with your answer as changes.diff.";
}

function toWords({ text, ending, used, denied, costUsd }: AgentResult, changed: string): string {
  return [
    text === "" ? "It said nothing in the end." : text.slice(0, MAX_TEXT_CHARS),
    "",
    ...(ending === "success" ? [] : [`It did not come to its end: ${ending ?? "it broke off"}.`]),
    changed,
    ...(used.length === 0 ? [] : [`Used: ${[...new Set(used)].slice(0, MAX_USED).join(", ")}`]),
    ...(denied.length === 0
      ? []
      : [
          `It was not allowed to: ${denied.join("; ")}. If the person wants that, call again and name it in allowed_tools.`,
        ]),
    ...(costUsd === null ? [] : [`It cost $${costUsd.toFixed(2)}.`]),
  ].join("\n");
}

const NOTHING: Usage = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  costUsd: null,
  estimated: true,
};

function charge(
  { ledger }: WorkDeps,
  { scope, conversationId }: ToolContext,
  usage: Usage,
): Promise<void> {
  const cost = { provider: "anthropic", model: "claude-code", usage };
  return ledger.charge(scope, conversationId, { purpose: "claude-code", turnId: null, cost });
}

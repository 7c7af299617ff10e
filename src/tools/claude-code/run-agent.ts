import type { Usage } from "../../core/model.ts";
import type { AgentMessage, AgentOptions, AgentSdk } from "./agent-sdk.ts";
import { readMessage } from "./agent-sdk.ts";

export interface AgentJob {
  readonly prompt: string;
  readonly folder: string;
  readonly maxTurns: number;
  /** null for no limit of its own. */
  readonly maxUsd: number | null;
  readonly allowedTools: readonly string[];
}

export interface AgentSettings {
  /** The `claude` program; null: the one that the SDK brings. */
  readonly executable: string | null;
  readonly env: Readonly<Record<string, string>>;
  /** For the agent alone; null: what its program was signed in with. */
  readonly apiKey: string | null;
}

export interface AgentResult {
  /** What the agent said in the end; "" when it did not come to an end. */
  readonly text: string;
  readonly isError: boolean;
  /** The SDK's own word for it, for example `error_max_turns`; null when it broke off. */
  readonly ending: string | null;
  /** Names of the tools that it called, in order. */
  readonly used: readonly string[];
  /** What it wanted to do and was not allowed to. */
  readonly denied: readonly string[];
  /** As it counts itself; null when it broke off before it said so. */
  readonly costUsd: number | null;
}

/** What is told while it runs, so that it is known also when it is stopped. */
export interface AgentWatcher {
  readonly step: (what: string) => void;
  /** All so far; what it cost is null until it says so. */
  readonly spent: (usage: Usage) => void;
}

const MAX_DENIED = 10;
const MAX_WHAT_CHARS = 200;

const NOT_ALLOWED =
  "Not allowed: nobody can be asked while this runs. Do without it; what could not be done for want of it belongs into your last words.";

/** One run of the agent. Rejects with the signal's reason when that fires. */
export async function runAgent(
  { query }: AgentSdk,
  { prompt, folder, maxTurns, maxUsd, allowedTools }: AgentJob,
  { executable, env, apiKey }: AgentSettings,
  watcher: AgentWatcher,
  signal: AbortSignal,
): Promise<AgentResult> {
  const abortController = new AbortController();
  const stop = () => abortController.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener("abort", stop, { once: true });
  const used: string[] = [];
  const denied: string[] = [];
  const usages = new Map<string, AssistantUsage>();
  let last: Extract<AgentMessage, { type: "result" }> | null = null;
  const options: AgentOptions = {
    abortController,
    cwd: folder,
    maxTurns,
    ...(maxUsd !== null && { maxBudgetUsd: maxUsd }),
    permissionMode: "acceptEdits",
    systemPrompt: { type: "preset", preset: "claude_code" },
    allowedTools: [...allowedTools],
    settingSources: [],
    env: { ...env, ...(apiKey !== null && { ANTHROPIC_API_KEY: apiKey }) },
    persistSession: false,
    ...(executable !== null && { pathToClaudeCodeExecutable: executable }),
    async canUseTool(tool, input) {
      if (denied.length < MAX_DENIED) denied.push(describe(tool, input));
      return { behavior: "deny", message: NOT_ALLOWED };
    },
  };
  try {
    for await (const raw of query({ prompt, options })) {
      const message = readMessage(raw);
      if (message?.type === "result") last = message;
      const { id, usage } = message?.type === "assistant" ? message.message : {};
      // An answer comes in several messages of one id.
      if (usage) usages.set(id ?? "", usage);
      watcher.spent(sumOf([...usages.values()], last?.total_cost_usd ?? null));
      if (message?.type !== "assistant") continue;
      for (const { type, name, input } of message.message.content) {
        if (type !== "tool_use" || !name) continue;
        used.push(name);
        watcher.step(describe(name, input));
      }
    }
  } finally {
    signal.removeEventListener("abort", stop);
    signal.throwIfAborted();
  }
  return {
    text: last?.result ?? "",
    isError: last === null || (last.is_error ?? last.subtype !== "success"),
    ending: last?.subtype ?? null,
    used,
    denied,
    costUsd: last?.total_cost_usd ?? null,
  };
}

type AssistantUsage = NonNullable<Extract<AgentMessage, { type: "assistant" }>["message"]["usage"]>;

function sumOf(usages: readonly AssistantUsage[], costUsd: number | null): Usage {
  const sum = (pick: (usage: AssistantUsage) => number | null | undefined) =>
    usages.reduce((all, usage) => all + (pick(usage) ?? 0), 0);
  const cachedInputTokens = sum((usage) => usage.cache_read_input_tokens);
  const cacheWriteTokens = sum((usage) => usage.cache_creation_input_tokens);
  return {
    inputTokens: sum((usage) => usage.input_tokens) + cachedInputTokens + cacheWriteTokens,
    cachedInputTokens,
    cacheWriteTokens,
    outputTokens: sum((usage) => usage.output_tokens),
    costUsd,
    estimated: true,
  };
}

/** For example `Edit src/a.ts` or `Bash npm test`. */
function describe(tool: string, input: unknown): string {
  const said = typeof input === "object" && input !== null ? Object.entries(input) : [];
  const main = ["command", "file_path", "pattern", "path", "url"].flatMap((key) =>
    said.filter(([name, value]) => name === key && typeof value === "string"),
  )[0];
  const words = `${tool} ${main === undefined ? "" : String(main[1])}`;
  return words.replace(/\s+/g, " ").trim().slice(0, MAX_WHAT_CHARS);
}

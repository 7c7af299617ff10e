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

const MAX_DENIED = 10;
const MAX_WHAT_CHARS = 200;

const NOT_ALLOWED =
  "Not allowed: nobody can be asked while this runs. Do without it; what could not be done for want of it belongs into your last words.";

/** One run of the agent. `onStep` is told what it does. Rejects with the signal's reason when that fires. */
export async function runAgent(
  { query }: AgentSdk,
  { prompt, folder, maxTurns, maxUsd, allowedTools }: AgentJob,
  { executable, env, apiKey }: AgentSettings,
  onStep: (what: string) => void,
  signal: AbortSignal,
): Promise<AgentResult> {
  const abortController = new AbortController();
  const stop = () => abortController.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener("abort", stop, { once: true });
  const used: string[] = [];
  const denied: string[] = [];
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
      if (message?.type !== "assistant") continue;
      for (const { type, name, input } of message.message.content) {
        if (type !== "tool_use" || !name) continue;
        used.push(name);
        onStep(describe(name, input));
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

/** For example `Edit src/a.ts` or `Bash npm test`. */
function describe(tool: string, input: unknown): string {
  const said = typeof input === "object" && input !== null ? Object.entries(input) : [];
  const main = ["command", "file_path", "pattern", "path", "url"].flatMap((key) =>
    said.filter(([name, value]) => name === key && typeof value === "string"),
  )[0];
  const words = `${tool} ${main === undefined ? "" : String(main[1])}`;
  return words.replace(/\s+/g, " ").trim().slice(0, MAX_WHAT_CHARS);
}

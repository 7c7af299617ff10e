import { z } from "zod";
import type { UserId } from "../../core/ids.ts";
import type { Scope } from "../../core/principal.ts";
import { defineTool, type Tool, type ToolContext, type ToolOutput } from "../../core/tool.ts";
import type { AgentSdk } from "./agent-sdk.ts";
import { folderWithin } from "./folders.ts";
import type { AgentJob, AgentSettings } from "./run-agent.ts";
import { usdLeft, work, type WorkDeps } from "./work.ts";

export interface ClaudeCodeSettings extends AgentSettings {
  /** Nothing outside of it is worked on. */
  readonly root: string;
  /** Discord's ids. Who sits at the terminal has the machine anyway. */
  readonly allowedUsers: ReadonlySet<string>;
  readonly maxTurns: number;
}

export interface ClaudeCodeDeps extends WorkDeps {
  readonly loadSdk: () => Promise<AgentSdk | null>;
}

const TIMEOUT_MS = 30 * 60_000;
const MAX_TURNS = 100;
const MAX_PROMPT_CHARS = 20_000;
/** People whose folder is remembered; the oldest are forgotten first. */
const MAX_FOLDERS = 1_000;
const MISSING =
  "Claude Code is not installed. Whoever runs me can add it in my folder: npm install --no-save @anthropic-ai/claude-agent-sdk";

const NOT_FOR_YOU = "Claude Code works for the people only whom the operator has named for it.";

interface Running {
  readonly person: UserId;
  readonly folder: string;
  step: string;
}

/** A coding agent on this machine, for those whom the operator named, in the folder that he named. */
export function claudeCodeTools(
  deps: ClaudeCodeDeps,
  settings: ClaudeCodeSettings,
): readonly Tool[] {
  const folders = new Map<UserId, string>();
  const running = new Map<string, Running>();
  const folderOf = ({ scope }: ToolContext) => folders.get(scope.principal.userId) ?? ".";
  const refuses = (scope: Scope) => (mayUse(settings, scope) ? null : NOT_FOR_YOU);
  const allowed =
    <Input>(run: (input: Input, context: ToolContext) => Promise<ToolOutput>) =>
    async (input: Input, context: ToolContext): Promise<ToolOutput> => {
      const refusal = refuses(context.scope);
      return refusal === null ? run(input, context) : failure(refusal);
    };

  return [
    defineTool({
      name: "claude_code",
      refuses,
      description:
        "Let a coding agent work on a project in its folder: it reads, edits and explains code. Takes minutes. Commands run only when allowed_tools names them.",
      label: "Claude Code is at work",
      effect: "outside",
      timeoutMs: TIMEOUT_MS,
      cost: "what it takes, within your budgets",
      input: z.object({
        prompt: z.string().trim().min(1).max(MAX_PROMPT_CHARS).describe("What is to be done"),
        working_dir: z
          .string()
          .min(1)
          .max(1_000)
          .optional()
          .describe("Folder within the allowed one; else the one that was set"),
        max_turns: z.int().min(1).max(MAX_TURNS).optional(),
        allowed_tools: z
          .string()
          .max(1_000)
          .optional()
          .describe("What it may do without asking, for example Bash(npm test:*),WebSearch"),
      }),
      explain: ({
        prompt,
        working_dir: folder = "the folder that was set",
        allowed_tools: tools,
      }) => ({
        what: `Let Claude Code change files${tools ? `, and use ${tools}` : ""}`,
        target: `${folder}: ${prompt}`,
        reversible: false,
      }),
      run: allowed(async (input, context) => {
        const sdk = await deps.loadSdk();
        if (sdk === null) return failure(MISSING);
        const found = await folderWithin(settings.root, input.working_dir ?? folderOf(context));
        if (found.kind === "refused") return failure(found.why);
        if (running.has(found.path))
          return failure("Claude Code is at work in that folder already.");
        const maxUsd = await usdLeft(deps, context);
        if (maxUsd !== null && maxUsd <= 0)
          return failure("A budget of today is spent: no Claude Code until tomorrow.");
        const person = context.scope.principal.userId;
        const job: Running = { person, folder: found.path, step: "begins" };
        running.set(found.path, job);
        try {
          const task: AgentJob = {
            prompt: input.prompt,
            folder: found.path,
            maxTurns: Math.min(input.max_turns ?? settings.maxTurns, settings.maxTurns),
            maxUsd,
            allowedTools: toList(input.allowed_tools ?? ""),
          };
          return await work(deps, settings, sdk, context, task, (step) => {
            job.step = step;
            context.progress?.(`Claude Code: ${step}`);
          });
        } finally {
          running.delete(found.path);
        }
      }),
    }),
    defineTool({
      name: "claude_code_status",
      refuses,
      description: "Whether Claude Code can be used, and what it is doing.",
      label: "Looking at Claude Code",
      effect: "read",
      timeoutMs: 30_000,
      input: z.object({}),
      run: allowed(async (_, context) => {
        const sdk = await deps.loadSdk();
        const own = [...running.values()].filter(
          ({ person }) => person === context.scope.principal.userId,
        );
        const others = running.size - own.length;
        const jobs = [
          ...own.map(({ folder, step }) => `At work in ${folder}: ${step}`),
          ...(others > 0 ? [`Runs of others: ${others}.`] : []),
        ];
        return {
          text: [
            sdk === null ? MISSING : "Claude Code is installed.",
            `Folder: ${folderOf(context)}, within ${settings.root}`,
            `At most ${settings.maxTurns} turns for each run.`,
            ...(jobs.length === 0 ? ["Nothing runs."] : jobs),
          ].join("\n"),
        };
      }),
    }),
    defineTool({
      name: "claude_code_set_workdir",
      refuses,
      description: "Choose the folder in which Claude Code works for this person from now on.",
      label: "Choosing a folder",
      effect: "write",
      timeoutMs: 10_000,
      input: z.object({ directory: z.string().min(1).max(1_000) }),
      run: allowed(async ({ directory }, { scope }) => {
        const found = await folderWithin(settings.root, directory);
        if (found.kind === "refused") return failure(found.why);
        const person = scope.principal.userId;
        folders.delete(person);
        folders.set(person, found.path);
        const [oldest] = folders.keys();
        if (folders.size > MAX_FOLDERS && oldest !== undefined) folders.delete(oldest);
        return { text: `Claude Code works in ${found.path} now, until I am started anew.` };
      }),
    }),
    defineTool({
      name: "claude_code_get_workdir",
      refuses,
      description: "The folder in which Claude Code works for this person.",
      label: "Looking at the folder",
      effect: "read",
      timeoutMs: 10_000,
      input: z.object({}),
      run: allowed(async (_, context) => {
        const found = await folderWithin(settings.root, folderOf(context));
        return found.kind === "refused" ? failure(found.why) : { text: found.path };
      }),
    }),
  ];
}

const failure = (text: string): ToolOutput => ({ text, isError: true });

function mayUse({ allowedUsers }: ClaudeCodeSettings, { principal }: Scope): boolean {
  const { platform, userId } = principal;
  if (platform === "terminal") return true;
  return platform === "discord" && allowedUsers.has(userId.replace(/^discord:/, ""));
}

const toList = (said: string): readonly string[] =>
  // Not at a comma within brackets: Bash(git add a,b) is one.
  said
    .split(/,(?![^(]*\))/)
    .map((name) => name.trim())
    .filter((name) => name !== "");

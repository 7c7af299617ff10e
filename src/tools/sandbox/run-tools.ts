import { z } from "zod";
import type { Program, RunLimits, Workspace } from "../../core/sandbox.ts";
import { defineTool, type Tool, type ToolContext, type ToolOutput } from "../../core/tool.ts";
import { artifactsAfter, beforeRun } from "./artifacts.ts";
import { inWorkspace, type SandboxToolDeps } from "./in-workspace.ts";
import { follow, toWords } from "./output.ts";

const DEFAULT_SECONDS = 60;
const MAX_SECONDS = 300;
/** On top of what the program has: for starting a sandbox and fetching files. */
const PATIENCE_MS = 60_000;
const MAX_CODE_CHARS = 200_000;
const OUT_BYTES = 1_024 * 1_024;
const ERR_BYTES = 256 * 1_024;

const timeout = z
  .int()
  .min(1)
  .max(MAX_SECONDS)
  .default(DEFAULT_SECONDS)
  .describe("Seconds that it may take");

const PLACE =
  "The workspace /box stays between calls and between conversations; what is written to /out is shown to people with your answer (pictures as pictures). There is no network.";

export const runTools = (deps: SandboxToolDeps): readonly Tool[] => [
  executePython(deps),
  runShell(deps),
];

const executePython = (deps: SandboxToolDeps) =>
  defineTool({
    name: "execute_python",
    description: `Run Python code in a sandbox. Names (variables, functions, imports) stay for the next call, as in a notebook; the value of the last line is shown; open plots of matplotlib are shown. ${PLACE}`,
    label: "Running Python",
    effect: "write",
    isContained: true,
    timeoutMs: MAX_SECONDS * 1_000 + PATIENCE_MS,
    input: z.object({
      code: z.string().min(1).max(MAX_CODE_CHARS),
      description: z.string().max(200).optional().describe("What it does, in a few words"),
      fresh: z
        .boolean()
        .default(false)
        .describe("True: in a process of its own, without names of earlier calls"),
      timeout,
    }),
    explain: ({ description }) => ({
      what: "Run Python in the sandbox",
      target: description ?? "",
      reversible: true,
    }),
    run: ({ code, fresh, timeout: seconds }, context) =>
      inWorkspace(deps, context, (workspace) =>
        runIn(workspace, { kind: fresh ? "python" : "session", code }, seconds, context),
      ),
  });

const runShell = (deps: SandboxToolDeps) =>
  defineTool({
    name: "run_shell",
    description: `Run a shell command in the same sandbox. ${PLACE}`,
    label: "Running a command",
    effect: "write",
    isContained: true,
    timeoutMs: MAX_SECONDS * 1_000 + PATIENCE_MS,
    input: z.object({ command: z.string().min(1).max(MAX_CODE_CHARS), timeout }),
    explain: ({ command }) => ({
      what: "Run a command in the sandbox",
      target: command.slice(0, 100),
      reversible: true,
    }),
    run: ({ command, timeout: seconds }, context) =>
      inWorkspace(deps, context, (workspace) =>
        runIn(workspace, { kind: "shell", command }, seconds, context),
      ),
  });

/** A program to its end, with what it says meanwhile, and what it left for people to see. */
export async function runIn(
  workspace: Workspace,
  program: Program,
  seconds: number,
  { signal, progress }: Pick<ToolContext, "signal" | "progress">,
  hosts: readonly string[] = [],
): Promise<ToolOutput> {
  const timeMs = seconds * 1_000;
  const limits: RunLimits = { timeMs, outBytes: OUT_BYTES, errBytes: ERR_BYTES, hosts };
  const before = await beforeRun(workspace, signal);
  const ran = await follow(workspace.exec(program, limits, signal), (line) =>
    progress?.(`Running: ${line}`),
  );
  const { files, words } = await artifactsAfter(workspace, before, signal);
  return {
    text: toWords(ran, limits) + words,
    isError: ran.end.exitCode !== 0,
    ...(files.length > 0 && { files }),
  };
}

import type { FileStore } from "../../core/files.ts";
import type { PackageIndex } from "../../core/packages.ts";
import { sandboxOwnerOf } from "../../core/sandbox-owner.ts";
import { SandboxProblem, type Workspace, type Workspaces } from "../../core/sandbox.ts";
import type { Taint, TaintSource } from "../../core/taint.ts";
import type { ToolContext, ToolOutput } from "../../core/tool.ts";

export interface SandboxToolDeps {
  readonly workspaces: Pick<Workspaces, "open">;
  readonly files: Pick<FileStore, "read" | "save">;
  readonly packages: PackageIndex;
}

interface Going {
  /** Whose words the work itself brings in. */
  readonly brings?: readonly Taint[];
  /** True: it changes nothing in there. */
  readonly isReading?: boolean;
}

/** So many names stand on a card. */
const MAX_TAINTS = 8;
const SOURCES: readonly TaintSource[] = [
  "web",
  "mail",
  "file",
  "google",
  "mcp",
  "bot",
  "other-person",
  "sandbox",
];

/**
 * Does something in the workspace of whoever asks. Whose words the turn has read is written on the workspace first: its
 * programs may keep them in files, and what comes out of it later is as much those people's as it is ours.
 */
export async function inWorkspace(
  { workspaces }: Pick<SandboxToolDeps, "workspaces">,
  context: ToolContext,
  work: (workspace: Workspace) => Promise<ToolOutput>,
  { brings = [], isReading = false }: Going = {},
): Promise<ToolOutput> {
  try {
    const workspace = await workspaces.open(sandboxOwnerOf(context.scope), context.signal);
    const taints = isReading ? [] : [...((await context.taints?.()) ?? []), ...brings];
    if (taints.length > 0) await workspace.mark(taints.map(toMark));
    const output = await work(workspace);
    const notice = workspace.notice === undefined ? "" : `\n${workspace.notice}`;
    return { ...output, text: output.text + notice, taints: toTaints(await workspace.marks()) };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof SandboxProblem)) throw error;
    return { text: error.message, isError: true };
  }
}

const toMark = ({ source, name }: Taint): string => `${source}:${name}`;

function toTaints(marks: readonly string[]): readonly Taint[] {
  return marks.slice(0, MAX_TAINTS).map((mark) => {
    const [first = "", ...rest] = mark.split(":");
    return {
      source: SOURCES.find((source) => source === first) ?? "sandbox",
      name: rest.join(":"),
    };
  });
}

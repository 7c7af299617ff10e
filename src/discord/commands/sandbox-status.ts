import { sandboxOwnerOf } from "../../core/sandbox-owner.ts";
import type { RunningSandbox, SandboxDesk, WorkspaceStatus } from "../../core/sandbox.ts";
import { toPlain } from "../plain.ts";
import type { CommandContext } from "./define-command.ts";
import type { Control, Reply } from "./reply.ts";

const KIB = 1_024;
/** Rows of a message hold five buttons each. */
const MAX_STOPS = 10;
const IN_A_ROW = 5;

export const inWords = (bytes: number): string =>
  bytes < KIB * KIB ? `${Math.ceil(bytes / KIB)} kB` : `${(bytes / KIB / KIB).toFixed(1)} MB`;

const ago = (at: Date): string => `<t:${Math.floor(at.getTime() / 1_000)}:R>`;

/** How it is for whoever asks; for whoever runs her also what runs, and what is not as safe as it could be. */
export async function statusReply(
  { workspaces }: SandboxDesk,
  { scope, isOperator, signal }: CommandContext,
  stop: string,
): Promise<Reply> {
  const health = await workspaces.health(signal);
  if (health.kind === "broken") return { text: `❌ Code cannot run: ${toPlain(health.words)}` };
  const own = await workspaces.status(sandboxOwnerOf(scope), signal);
  const running = isOperator ? await workspaces.running(signal) : [];
  const text = [
    "✅ Code can run.",
    ownWords(own),
    ...(isOperator
      ? [
          `-# Docker ${toPlain(health.engine)}. ${running.length === 0 ? "Nothing runs." : ""}`,
          ...running.map(runningWords),
          ...health.warnings.map((warning) => `-# ⚠️ ${toPlain(warning)}`),
        ]
      : []),
  ].join("\n");
  return { text, rows: toRows(running.slice(0, MAX_STOPS), stop) };
}

function ownWords({ files, sizeBytes, quotaBytes, snapshots, isRunning }: WorkspaceStatus): string {
  const [newest] = snapshots;
  if (!newest) return "Your workspace here is empty.";
  const state = isRunning ? "It runs." : "It sleeps.";
  const earlier = snapshots.length - 1;
  return `Your workspace here holds ${files} ${files === 1 ? "file" : "files"}, ${inWords(sizeBytes)} of ${inWords(quotaBytes)}, changed ${ago(newest.savedAt)}. ${state} ${earlier} earlier ${earlier === 1 ? "state" : "states"}: \`/sandbox reset\` goes back.`;
}

const runningWords = ({ id, startedAt, usedAt, isBusy }: RunningSandbox, index: number): string =>
  `${index + 1}. \`${toPlain(id).slice(0, 8)}\` since ${ago(startedAt)}, ${isBusy ? "at work" : `used ${ago(usedAt)}`}`;

function toRows(
  running: readonly RunningSandbox[],
  action: string,
): readonly (readonly Control[])[] {
  const controls = running.map(({ id }, index): Control => ({
    kind: "button",
    label: `End ${index + 1}`,
    style: "danger",
    action,
    data: { id },
  }));
  return [controls.slice(0, IN_A_ROW), controls.slice(IN_A_ROW)].filter((row) => row.length > 0);
}

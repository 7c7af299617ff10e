import { zipSync } from "fflate";
import { sandboxOwnerOf } from "../../core/sandbox-owner.ts";
import type { Workspace, Workspaces } from "../../core/sandbox.ts";
import { toPlain } from "../plain.ts";
import type { CommandContext } from "./define-command.ts";
import type { Reply } from "./reply.ts";
import { inWords } from "./sandbox-status.ts";

const ROOTS = ["/box", "/out"];
const MAX_LISTED = 100;
/** What Discord takes of anybody. */
const MAX_ARCHIVE_BYTES = 8 * 1_024 * 1_024;

/** What is in the workspace of whoever asks, in this place; with `all` as an archive, too. */
export async function filesReply(
  workspaces: Workspaces,
  { scope, signal }: CommandContext,
  all: boolean,
): Promise<Reply> {
  const workspace = await workspaces.open(sandboxOwnerOf(scope), signal);
  const listings = await Promise.all(ROOTS.map((root) => workspace.list(root, signal)));
  const entries = listings.flatMap((listing) => listing.entries);
  if (entries.length === 0) return { text: "Your workspace here is empty." };
  const together = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const text = [
    ...entries
      .slice(0, MAX_LISTED)
      .map(({ path, sizeBytes }) => `\`${toCode(path)}\` ${inWords(sizeBytes)}`),
    ...(entries.length > MAX_LISTED ? [`-# and ${entries.length - MAX_LISTED} more`] : []),
  ].join("\n");
  if (!all) return { text };
  if (together > MAX_ARCHIVE_BYTES)
    return {
      text: `${text}\n-# Too much for one archive: ${inWords(together)}. Ask me for single files.`,
    };
  const content = await toArchive(workspace, signal);
  return { text, files: [{ name: "workspace.zip", content }] };
}

async function toArchive(workspace: Workspace, signal: AbortSignal): Promise<Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for await (const { path, bytes } of workspace.snapshot(signal)) files[path.slice(1)] = bytes;
  return zipSync(files);
}

/** Names are what programs chose: nothing in them is markup. */
const toCode = (path: string): string => toPlain(path).replaceAll("`", "'").slice(0, 200);

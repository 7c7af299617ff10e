import { watch } from "node:fs/promises";
import { sep } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { McpServer } from "../core/mcp.ts";

/** Files that are written together count as one change. */
const QUIET_MS = 1_000;
const NOT_SOURCE = new Set(["node_modules", ".git", "__pycache__", ".venv"]);

/** The folder whose files a server is made of; null when there is none of ours to watch. */
export function sourceFolderOf({ launch, source, isHotReload }: McpServer): string | null {
  if (!isHotReload || launch.kind !== "stdio") return null;
  return launch.cwd ?? (source.kind === "path" ? source.path : null);
}

/** Tells of changes in a folder until the signal fires. A folder that cannot be watched is not. */
export async function watchFolder(
  folder: string,
  onChange: () => void,
  signal: AbortSignal,
): Promise<void> {
  let timer: NodeJS.Timeout | null = null;
  while (!signal.aborted) {
    try {
      for await (const { filename } of watch(folder, { recursive: true, signal })) {
        if (filename?.split(sep).some((piece) => NOT_SOURCE.has(piece))) continue;
        if (timer !== null) clearTimeout(timer);
        timer = setTimeout(onChange, QUIET_MS);
      }
    } catch {
      // It is over, or the folder is not there: it may come.
      await sleep(QUIET_MS, undefined, { signal }).catch(() => {});
    }
  }
  if (timer !== null) clearTimeout(timer);
}

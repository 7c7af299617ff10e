import type { Blobs, FileIndex } from "../core/files.ts";
import type { Log } from "../core/log.ts";
import type { Service } from "../core/service.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";

const EVERY_MS = 60_000;
const MAX_AT_ONCE = 100;

interface Deps {
  readonly index: Pick<FileIndex, "leftOver" | "drop">;
  readonly blobs: Pick<Blobs, "remove">;
  readonly log: Log;
}

/**
 * Removes the bytes of files that went with their message, and of those that never came. The row goes last, so that
 * whatever dies in between, it is tried again.
 */
export async function clearLeftOver({ index, blobs, log }: Deps): Promise<number> {
  const cleared: string[] = [];
  for (const id of await index.leftOver(MAX_AT_ONCE)) {
    try {
      await blobs.remove(id);
      cleared.push(id);
    } catch (error) {
      log.warn({ fileId: id, error: asError(error) }, "file-not-cleared");
    }
  }
  if (cleared.length > 0) await index.drop(cleared);
  return cleared.length;
}

/** Does so every minute. */
export const createFileClearing = (deps: Deps): Service => ({
  name: "file-clearing",
  async run(signal) {
    while (!signal.aborted) {
      try {
        await clearLeftOver(deps);
      } catch (error) {
        deps.log.warn({ error: asError(error) }, "file-clearing-failed");
      }
      await pause(EVERY_MS, signal);
    }
  },
});

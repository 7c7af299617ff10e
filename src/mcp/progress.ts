import type { Progress } from "@modelcontextprotocol/client";
import { cleanLine } from "./clean.ts";

const MAX_LABEL_CHARS = 100;

/** Tells no more often than `everyMs`, and only what is further than what was told before. */
export function throttled(
  tell: (label: string) => void,
  { elapsedMs, everyMs }: { readonly elapsedMs: () => number; readonly everyMs: number },
): (progress: Progress) => void {
  let furthest = -Infinity;
  let toldAt = -Infinity;
  return ({ progress, total, message }) => {
    if (progress <= furthest) return;
    furthest = progress;
    const now = elapsedMs();
    if (now - toldAt < everyMs) return;
    toldAt = now;
    tell(labelOf(progress, total, message));
  };
}

function labelOf(progress: number, total: number | undefined, message: string | undefined): string {
  const share = total !== undefined && total > 0 ? Math.round((progress / total) * 100) : null;
  const how = share === null ? "" : `${Math.min(Math.max(share, 0), 100)} %`;
  const words = message === undefined ? "" : cleanLine(message, MAX_LABEL_CHARS);
  return [words, how].filter((piece) => piece !== "").join(", ") || "at work";
}

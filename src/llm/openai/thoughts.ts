import type { JsonObject, ToolCall } from "../../core/model.ts";
import type { PutTogether } from "./tool-deltas.ts";
import { replay, type WireDelta, type WireReasoning, type WireReplay } from "./wire.ts";

/** Keeps what a model thought before it called tools, in the words of its provider. */
export interface Thoughts {
  readonly add: (delta: WireDelta) => void;
  /**
   * What goes back with the calls: DeepSeek, Moonshot and Gemini refuse a history without it. null when there are no
   * calls, and nobody asks, or no thoughts.
   */
  readonly toReplay: (
    asked: readonly PutTogether[],
    calls: readonly ToolCall[],
  ) => JsonObject | null;
}

export function createThoughts(): Thoughts {
  const details: WireReasoning[] = [];
  let content = "";

  return {
    add({ reasoning_details, reasoning_content }) {
      content += reasoning_content ?? "";
      for (const detail of reasoning_details ?? []) join(details, detail);
    },
    toReplay(asked, calls) {
      const extras = calls.flatMap(({ id }) => {
        const extra = asked.find((call) => call.id === id)?.extra;
        return extra ? [[id, extra] as const] : [];
      });
      const kept: WireReplay = {
        message: {
          ...(details.length > 0 && { reasoning_details: details }),
          ...(content !== "" && { reasoning_content: content }),
        },
        extras: Object.fromEntries(extras),
      };
      const isEmpty = extras.length === 0 && Object.keys(kept.message).length === 0;
      if (calls.length === 0 || isEmpty) return null;
      return { openai: kept as unknown as JsonObject };
    },
  };
}

/** What `toReplay` gave, as far as it is ours; empty otherwise. */
export function readReplay(value: JsonObject | null): WireReplay {
  return replay.safeParse(value).data?.openai ?? { message: {}, extras: {} };
}

/** Pieces of one thought come one by one, with the signature in the last. */
function join(details: WireReasoning[], next: WireReasoning): void {
  const last = details.at(-1);
  const isSame = last && last.type === next.type && last.index === next.index;
  if (!isSame) {
    details.push({ ...next });
    return;
  }
  for (const [field, value] of Object.entries(next)) {
    const before = last[field];
    const grows = GROWING.has(field) && typeof value === "string" && typeof before === "string";
    if (grows) last[field] = before + value;
    else if (value !== null && value !== undefined) last[field] = value;
  }
}

const GROWING: ReadonlySet<string> = new Set(["text", "summary", "data"]);

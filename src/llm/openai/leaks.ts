/** A piece of an answer: for people, or the model's own. */
interface Piece {
  readonly type: "text-delta" | "reasoning-delta";
  readonly text: string;
}

/** Sorts what a model says aloud from what it should have kept to itself. */
export interface LeakFilter {
  readonly push: (text: string) => readonly Piece[];
  /** What was held back, at the end of the answer. */
  readonly flush: () => readonly Piece[];
}

const THOUGHT = { open: "<think>", close: "</think>" };
const CALL = { open: "<tool_call>", close: "</tool_call>" };
/** A call has JSON in it; without that somebody only speaks about the tag. */
const CALL_BEGINS = /<tool_call>\s*\{/;
/** Ends of turns in the chat templates of open models. Only at the very end of an answer: people may ask about them. */
const TEMPLATE_TOKEN =
  /(?:\s*<\|(?:im_end|im_start|eot_id|end_of_text|endoftext|end|eom_id)\|>)+\s*$/;
const MAX_TAIL_CHARS = 64;

/**
 * Servers that do not know a model's template pass on `<think>...</think>` at the beginning of an answer, calls as
 * `<tool_call>{...}</tool_call>`, and `<|im_end|>` at the end.
 *
 *   start --"<think>"--> thinking --"</think>"--> speaking --"<tool_call>{"--> calling
 *     `---anything else---------------------------^  ^----"</tool_call>"------'
 */
export function createLeakFilter(): LeakFilter {
  let state: "start" | "thinking" | "speaking" | "calling" = "start";
  let held = "";
  /** Nothing was said yet: what stands between a thought and the first word is nothing either. */
  let isFresh = true;

  function step(isLast: boolean): readonly Piece[] {
    switch (state) {
      case "start":
        return begin(isLast);
      case "thinking":
        return keep(THOUGHT.close, isLast);
      case "speaking":
        return speak(isLast);
      case "calling":
        return keep(CALL.close, isLast);
    }
  }

  function begin(isLast: boolean): readonly Piece[] {
    const text = held.trimStart();
    if (!isLast && THOUGHT.open.startsWith(text)) return [];
    const thinks = text.startsWith(THOUGHT.open);
    if (thinks) held = text.slice(THOUGHT.open.length);
    state = thinks ? "thinking" : "speaking";
    return step(isLast);
  }

  /** Everything up to `close` is not for people. */
  function keep(close: string, isLast: boolean): readonly Piece[] {
    const end = held.indexOf(close);
    if (end === -1)
      return take("reasoning-delta", isLast ? held.length : held.length - (close.length - 1));
    const kept = take("reasoning-delta", end);
    held = held.slice(close.length);
    state = "speaking";
    return [...kept, ...step(isLast)];
  }

  function speak(isLast: boolean): readonly Piece[] {
    if (isFresh) held = held.trimStart();
    const call = CALL_BEGINS.exec(held);
    if (call) {
      const said = take("text-delta", call.index);
      held = held.slice(CALL.open.length);
      state = "calling";
      return [...said, ...step(isLast)];
    }
    if (isLast) {
      held = held.replace(TEMPLATE_TOKEN, "");
      return take("text-delta", held.length);
    }
    const token = held.indexOf("<|", Math.max(0, held.length - MAX_TAIL_CHARS));
    return take("text-delta", token === -1 ? callMayBegin(held) : token);
  }

  function take(type: Piece["type"], count: number): readonly Piece[] {
    const text = held.slice(0, Math.max(0, count));
    held = held.slice(text.length);
    if (text === "") return [];
    if (type === "text-delta") isFresh = false;
    return [{ type, text }];
  }

  return {
    push(text) {
      held += text;
      return step(false);
    },
    flush: () => step(true),
  };
}

/** Where the end of a text may be the beginning of a call; its length when it is not. */
function callMayBegin(text: string): number {
  const at = text.lastIndexOf("<");
  return at !== -1 && CALL.open.startsWith(text.slice(at).trimEnd()) ? at : text.length;
}

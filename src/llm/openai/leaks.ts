/** A piece of an answer: for people, or the model's own thoughts. */
export interface Piece {
  readonly type: "text-delta" | "reasoning-delta";
  readonly text: string;
}

/** Sorts what a model says aloud from what it should have kept to itself. */
export interface LeakFilter {
  readonly push: (text: string) => readonly Piece[];
  /** What was held back, at the end of the answer. */
  readonly flush: () => readonly Piece[];
}

const OPEN = "<think>";
const CLOSE = "</think>";
/** Ends of turns in the chat templates of open models. Only at the very end of an answer: people may ask about them. */
const TEMPLATE_TOKEN =
  /(?:\s*<\|(?:im_end|im_start|eot_id|end_of_text|endoftext|end|eom_id)\|>)+\s*$/;
const MAX_TAIL_CHARS = 64;

/**
 * Servers that do not know a model's template pass on `<think>...</think>` at the beginning of an answer and
 * `<|im_end|>` at its end.
 *
 *   start --"<think>"--> thinking --"</think>"--> speaking
 *     `---anything else---------------------------^
 */
export function createLeakFilter(): LeakFilter {
  let state: "start" | "thinking" | "speaking" = "start";
  let held = "";

  function step(isLast: boolean): readonly Piece[] {
    if (state === "start") return begin(isLast);
    if (state === "thinking") return think(isLast);
    return speak(isLast);
  }

  function begin(isLast: boolean): readonly Piece[] {
    const text = held.trimStart();
    if (text.startsWith(OPEN)) {
      state = "thinking";
      held = text.slice(OPEN.length);
      return step(isLast);
    }
    if (!isLast && OPEN.startsWith(text)) return [];
    state = "speaking";
    return step(isLast);
  }

  function think(isLast: boolean): readonly Piece[] {
    const end = held.indexOf(CLOSE);
    if (end === -1)
      return take("reasoning-delta", isLast ? held.length : held.length - (CLOSE.length - 1));
    const thoughts = take("reasoning-delta", end);
    state = "speaking";
    held = held.slice(CLOSE.length).trimStart();
    return [...thoughts, ...step(isLast)];
  }

  function speak(isLast: boolean): readonly Piece[] {
    if (isLast) {
      held = held.replace(TEMPLATE_TOKEN, "");
      return take("text-delta", held.length);
    }
    const tail = held.indexOf("<|", Math.max(0, held.length - MAX_TAIL_CHARS));
    const half = held.endsWith("<") ? held.length - 1 : held.length;
    return take("text-delta", tail === -1 ? half : tail);
  }

  function take(type: Piece["type"], count: number): readonly Piece[] {
    const text = held.slice(0, Math.max(0, count));
    held = held.slice(text.length);
    return text === "" ? [] : [{ type, text }];
  }

  return {
    push(text) {
      held += text;
      return step(false);
    },
    flush: () => step(true),
  };
}

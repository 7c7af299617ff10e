import type { StreamFilter } from "../lib/stream-filter.ts";
import { ADDRESS } from "./outgoing-address.ts";
import type { Links } from "./outgoing-links.ts";
import { showAddress, showLink, showWords } from "./outgoing-words.ts";

/** Bounds of what is waited for; what is longer is taken for plain words. Larger than those of the renderers. */
const MAX_WORD = 2_000;
const MAX_CODE = 1_200;
const MAX_LABEL = 500;
const MAX_LINK = 3_000;
const MAX_COMMENT = 1_200;
/** A longer line opens no block of code, for some renderer. */
const MAX_FENCE = 200;

/** What the filter has to remember between two pieces. */
interface State {
  /** The mark that opened the block of code; "" outside. */
  fence: string;
  isLineStart: boolean;
  isAfterBlank: boolean;
  /** True when the line so far holds a "|": in a table the marks of code do not protect. */
  hasBar: boolean;
  /** True behind a "`" without its other half: Discord may pair it with any later one, so that nothing is surely code. */
  isTorn: boolean;
}

interface Piece {
  readonly length: number;
  readonly shown: string;
}

/** null: it depends on what comes. */
type Take = (text: string, at: number, final: boolean, state: State) => Piece | null;

/** Goes through Markdown piece by piece and leaves no link in it that is not known. Code stays as it is. */
export function markdownFilter(isKnown: Links["isKnown"]): StreamFilter {
  const state: State = {
    fence: "",
    isLineStart: true,
    isAfterBlank: true,
    hasBar: false,
    isTorn: false,
  };
  const takeProse = createProse(isKnown);
  const takeCode = createCode(isKnown);
  let rest = "";
  return {
    push(chunk, final) {
      rest += chunk;
      let shown = "";
      let at = 0;
      while (at < rest.length) {
        const piece = (state.fence === "" ? takeProse : takeCode)(rest, at, final, state);
        if (piece === null) break;
        shown += piece.shown;
        const taken = rest.slice(at, at + piece.length);
        at += piece.length;
        state.isLineStart = taken.endsWith("\n");
        state.isAfterBlank = /\s$/.test(taken);
        state.hasBar = !state.isLineStart && (state.hasBar || taken.includes("|"));
      }
      rest = rest.slice(at);
      return shown;
    },
  };
}

/** A line of a block of code, or as much as has come of it. */
function createCode(isKnown: Links["isKnown"]): Take {
  return (text, at, final, state) => {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end === -1 ? undefined : end + 1).slice(0, MAX_WORD);
    const isWhole = line.endsWith("\n") || line.length === MAX_WORD || final;
    const mayMeanMore = state.isLineStart && /^[ \t>]*(?:[`~]*[ \t]*|-|-#)$/.test(line);
    // The renderer takes a small line at the end out of its block.
    if (state.isLineStart && /^[ \t>]*-# /.test(line)) state.isTorn = true;
    if (!isWhole && (mayMeanMore || state.isTorn)) return null;
    if (state.isLineStart && closes(line, state.fence)) state.fence = "";
    return { length: line.length, shown: state.isTorn ? showWords(line, isKnown) : line };
  };
}

function closes(line: string, mark: string): boolean {
  const ticks = line.replace(/^[ \t>]*/, "").trimEnd();
  return ticks.startsWith(mark) && new Set(ticks).size === 1;
}

const LEAD = String.raw`[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+)*`;
const OPENING = new RegExp(`^(${LEAD})(\`{3,}|~{3,})([^\\n]*)\\n`);
const MAY_OPEN = new RegExp(
  `^(?:${LEAD}(?:>|[-*+]|\\d{1,9}[.)]?)?|${LEAD}(?:\`{1,2}|~{1,2}|\`{3,}[^\`\\n]*|~{3,}[^~\\n]*))$`,
);

const takeFence: Take = (text, at, final, state) => {
  const line = text.slice(at, at + MAX_FENCE);
  const [whole = "", before = "", mark = "", info = ""] = OPENING.exec(line) ?? [];
  if (whole === "")
    return !final && line.length < MAX_FENCE && MAY_OPEN.test(line) ? null : NOTHING;
  if (info.includes(mark[0] ?? "")) return NOTHING;
  state.fence = mark;
  const language = /^[ \t]*([\w+\-.#]*)/.exec(info)?.[1] ?? "";
  return { length: whole.length, shown: `${before}${mark}${language}\n` };
};

/** Not this, whatever comes. */
const NOTHING: Piece = { length: 0, shown: "" };

const one = (text: string): Piece => ({ length: text.length, shown: text });

function createProse(isKnown: Links["isKnown"]): Take {
  const words = (text: string): Piece => ({
    length: text.length,
    shown: showWords(text, isKnown),
  });

  const takeAngle: Take = (text, at, final, state) => {
    if (text.startsWith("<!--", at)) return takeComment(text, at, final, state);
    const rest = text.slice(at, at + MAX_WORD);
    if (!final && rest.length < 4 && "<!--".startsWith(rest)) return null;
    const [whole = "", inner = ""] = /^<([^\s<>]*)>/.exec(rest) ?? [];
    if (whole === "") {
      const isOpen = /^<[^\s<>]*$/.test(rest) && rest.length < MAX_WORD;
      return isOpen && !final ? null : one("<");
    }
    state.isTorn ||= inner.includes("`");
    if (OF_DISCORD.test(whole)) return one(whole);
    if (WHOLE_ADDRESS.test(inner))
      return { length: whole.length, shown: showAddress(inner, isKnown) };
    return { length: whole.length, shown: `<${showWords(inner, isKnown)}>` };
  };

  const takeLink: Take = (text, at, final, state) => {
    const head = takeLabel(text, at, final);
    if (head === null || head === NOTHING) return head;
    const target = takeTarget(text, at + head.length, final);
    if (target === null || target === NOTHING) return target;
    const length = head.length + target.length;
    state.isTorn ||= head.shown.includes("`") || target.shown.includes("`");
    return { length, shown: showLink(head.shown, target.shown, isKnown) };
  };

  const takeBacktick: Take = (text, at, final, state) => {
    const code = takeInlineCode(text, at, final);
    if (code !== null && /^`+$/.test(code.shown)) state.isTorn = true;
    if (code === null || !/:\/\/|www\.|[\w-]\.[a-z]{2,}[/?#]|\w:\w/i.test(code.shown)) return code;
    // The renderer of tables takes the marks of code away.
    const line = text.slice(at, at + MAX_WORD).split("\n", 1)[0] ?? "";
    const isUnsure = state.hasBar || state.isTorn;
    if (!isUnsure && line.length < MAX_WORD && at + line.length === text.length && !final)
      return null;
    const isInTable = line.includes("|") || line.length >= MAX_WORD;
    return isUnsure || isInTable ? words(code.shown) : code;
  };

  const takeSign = (sign: string): Take | null => {
    if (sign === "`") return takeBacktick;
    if (sign === "<") return takeAngle;
    if (sign === "[" || sign === "!") return takeLink;
    return null;
  };

  return (text, at, final, state) => {
    if (state.isLineStart) {
      const fence = takeFence(text, at, final, state);
      if (fence !== NOTHING) return fence;
    }
    const sign = text[at] ?? "";
    const take = takeSign(sign);
    const piece = take === null ? NOTHING : take(text, at, final, state);
    if (piece !== NOTHING) return piece;
    if (sign === "\\") return takeEscape(text, at, final);
    const [blank = ""] = /^(?:\n|[^\S\n]+|[[!`<])/.exec(text.slice(at, at + MAX_WORD)) ?? [];
    if (blank !== "") return one(blank);
    return takeWord(text, at, final, words);
  };
}

const WHOLE_ADDRESS = new RegExp(`^${ADDRESS.source}$`, "i");
/** Mentions, emoji, times and commands, which Discord makes of its own. */
const OF_DISCORD = /^<(?:@[!&]?\d+|#\d+|a?:\w+:\d+|t:-?\d+(?::\w)?|\/[\w -]+:\d+|id:\w+)>$/;

/** Nobody sees them; but what stands on both sides of one must not come together. */
function takeComment(
  text: string,
  at: number,
  final: boolean,
  { isAfterBlank }: State,
): Piece | null {
  const rest = text.slice(at, at + MAX_COMMENT);
  const [comment = ""] = /^<!--(?:[^\n]|\n(?![ \t]*\n))*?-->/.exec(rest) ?? [];
  if (comment !== "") return { length: comment.length, shown: isAfterBlank ? "" : " " };
  const isOpen = rest.length < MAX_COMMENT && !/\n[ \t]*\n/.test(rest);
  return isOpen && !final ? null : { length: 4, shown: "<!- -" };
}

/** `![label]`, or `[label]` with one level of brackets in it; it must be followed by "(". */
function takeLabel(text: string, at: number, final: boolean): Piece | null {
  const rest = text.slice(at, at + MAX_LABEL);
  const [whole = "", label = ""] = /^!?\[((?:[^[\]\n]|\[[^[\]\n]*\])*)\]/.exec(rest) ?? [];
  const behind = text[at + whole.length];
  if (whole !== "" && behind === undefined) return final ? NOTHING : null;
  if (whole !== "") return behind === "(" ? { length: whole.length, shown: label } : NOTHING;
  const isOpen = /^!?(?:\[(?:[^[\]\n]|\[[^[\]\n]*\])*(?:\[[^[\]\n]*)?)?$/.test(rest);
  return isOpen && rest.length < MAX_LABEL && !final ? null : NOTHING;
}

/** `(target "title")`. */
function takeTarget(text: string, at: number, final: boolean): Piece | null {
  const rest = text.slice(at, at + MAX_LINK);
  const [whole = "", inAngles, bare = ""] =
    /^\([ \t]*(?:<([^<>\n]*)>|((?:[^()\s]|\([^()\s]*\))*))(?:[ \t]+"[^"\n]*")?[ \t]*\)/.exec(
      rest,
    ) ?? [];
  if (whole !== "") return { length: whole.length, shown: (inAngles ?? bare).trim() };
  const isOpen = !rest.includes("\n") && rest.length < MAX_LINK;
  return isOpen && !final ? null : NOTHING;
}

/** Code within a line; a run of marks without its other half is words. */
function takeInlineCode(text: string, at: number, final: boolean): Piece | null {
  const rest = text.slice(at, at + MAX_CODE).split("\n", 1)[0] ?? "";
  const isAll = at + rest.length < text.length || final;
  const [run = ""] = /^`+/.exec(rest) ?? [];
  if (!isAll && run.length === rest.length) return null;
  const [code = ""] = new RegExp(`^${run}[^\\n]*?[^\`\\n]${run}(?!\`)`).exec(rest) ?? [];
  const isDecided = code.length < rest.length || isAll;
  if (code !== "" && code.length < MAX_CODE && isDecided) return one(code);
  return isAll || rest.length >= MAX_CODE ? one(run) : null;
}

const takeEscape = (text: string, at: number, final: boolean): Piece | null => {
  const next = text[at + 1];
  if (next === undefined) return final ? one("\\") : null;
  return one(/[^0-9A-Za-z\s]/.test(next) ? `\\${next}` : "\\");
};

/** Up to a blank, a mark of code or a link, or the end of a clause in scripts without blanks. */
function takeWord(
  text: string,
  at: number,
  final: boolean,
  show: (words: string) => Piece,
): Piece | null {
  const rest = text.slice(at, at + MAX_WORD);
  const [word = ""] = /^[^\s`<[\\。，、！？；：「」]+|^[。，、！？；：「」]/.exec(rest) ?? [
    rest.slice(0, 1),
  ];
  const isWhole = word.length < rest.length || rest.length === MAX_WORD || final;
  return isWhole ? show(word) : null;
}

import { madeFrom } from "./known-secrets.ts";
import { createAutomaton, type Automaton } from "./secret-automaton.ts";
import { withoutKeys } from "./secret-patterns.ts";
import { inSequence, type StreamFilter } from "./stream-filter.ts";

export const REMOVED = "[removed: a secret]";

/** How long a secret must be to be looked for; `plain`: one that is a plain word, which may be said by chance. */
export interface Shortest {
  readonly any: number;
  readonly plain: number;
}

/** For people: shorter ones would be found in half of all words. */
const IN_ANSWERS: Shortest = { any: 8, plain: 12 };
/** For the operator: a word too many that is hidden in a log harms nobody. */
export const IN_LOGS: Shortest = { any: 4, plain: 4 };
/** Another spelling of a secret that is shorter than that may be anything. */
const MIN_VARIANT_CHARS = 8;
/** Words longer than that are looked at in pieces. */
const MAX_WORD = 4_000;
const WORD = new RegExp(`\\S{1,${MAX_WORD}}`, "g");

export interface SecretFilter {
  /** The text without secrets; what cannot be printed in it goes, too. */
  readonly whole: (text: string) => string;
  /** True when there is a secret in it that `whole` would take out. */
  readonly finds: (text: string) => boolean;
  /** For one text that comes in pieces. */
  readonly open: () => StreamFilter;
}

/**
 * The one hider of secrets, for answers and for logs. Takes known ones out of texts, also when they are written backwards, in base64, in hexadecimal or with
 * blanks and marks between their letters; and what looks like a key, though nobody told us of it.
 */
export function createSecretFilter(
  secrets: () => readonly string[],
  shortest: Shortest = IN_ANSWERS,
): SecretFilter {
  const automaton = madeFrom(secrets, (all) =>
    createAutomaton(new Set(all.flatMap((secret) => variantsOf(secret, shortest)))),
  );
  const open = () => inSequence([exactFilter(automaton()), patternFilter()]);
  const whole = (text: string) => open().push(text, true);
  // A mark that stands in the text already is none of ours, and must not make up for one that is.
  const finds = (text: string) => whole(text.replaceAll(REMOVED, " ")).includes(REMOVED);
  return { whole, finds, open };
}

/** As they are compared: without blanks and marks, in lower case. */
const folded = (text: string): string =>
  text.replace(SKIPPED_ALL, "").replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Blanks, what has no width, and the marks of Markdown that one may put between two letters. */
const SKIPPED = /[\s*`~|>\\\p{Default_Ignorable_Code_Point}]/u;
const SKIPPED_ALL = new RegExp(SKIPPED.source, "gu");
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F]/g;

function variantsOf(secret: string, shortest: Shortest): readonly string[] {
  const plain = folded(secret);
  const isTooPlain = /^[a-z]+$/.test(plain) && plain.length < shortest.plain;
  if (plain.length < shortest.any || isTooPlain) return [];
  const bytes = Buffer.from(secret);
  const variants = [
    secret.split("").toReversed().join(""),
    bytes.toString("hex"),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    ...[0, 1, 2].flatMap((offset) => inBase64(bytes, offset)),
  ];
  return [plain, ...variants.map(folded).filter(({ length }) => length >= MIN_VARIANT_CHARS)];
}

/** As it looks within a longer text in base64: its first and last characters depend on the neighbours. */
function inBase64(bytes: Buffer, offset: number): readonly string[] {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
  const first = offset === 0 ? 0 : offset + 1;
  const unsure = (bytes.length + offset) % 3 === 0 ? 0 : 1;
  const sure = encoded.replace(/=+$/, "").slice(first, unsure === 0 ? undefined : -unsure);
  return [sure, sure.replaceAll("+", "-").replaceAll("/", "_")];
}

function exactFilter(automaton: Automaton): StreamFilter {
  let state = automaton.start;
  /** What may be within a secret, each with the number of the find that it belongs to, 0 for none. */
  let held: { readonly unit: string; find: number }[] = [];
  /** Where in it the characters are that count. */
  let places: number[] = [];
  let finds = 0;
  let lastShown = 0;

  /** Gives out all but the last `count` characters that count. */
  const show = (count: number): string => {
    const from = count === 0 ? held.length : (places.at(-count) ?? 0);
    let text = "";
    for (const { unit, find } of held.slice(0, from)) {
      if (find === 0) text += unit;
      else if (find !== lastShown) text += REMOVED;
      if (find > 0) lastShown = find;
    }
    held = held.slice(from);
    places = count === 0 ? [] : places.slice(-count).map((place) => place - from);
    return text;
  };
  /** Secrets that overlap, such as an address and the password in it, are one find. */
  const hide = (count: number): void => {
    const found = held.slice(places.at(-count));
    const find = found.find((each) => each.find > 0)?.find ?? ++finds;
    for (const each of found) each.find = find;
  };
  return {
    push(chunk, final) {
      let certain = "";
      for (const unit of chunk.replace(CONTROL, "").split("")) {
        held.push({ unit, find: 0 });
        if (SKIPPED.test(unit)) {
          if (state === automaton.start) certain += show(0);
          continue;
        }
        places.push(held.length - 1);
        state = automaton.next(state, unit.toLowerCase().charCodeAt(0));
        const found = automaton.found(state);
        if (found > 0) hide(found);
        // A longer secret may go on behind a shorter one.
        certain += show(automaton.depth(state));
      }
      if (!final) return certain;
      state = automaton.start;
      return certain + show(0);
    },
  };
}

/** Whole words at a time, since a key is one. */
function patternFilter(): StreamFilter {
  let rest = "";
  let isInKey = false;
  return {
    push(chunk, final) {
      rest += chunk;
      let certain = "";
      for (;;) {
        if (isInKey) {
          const end = KEY_END.exec(rest);
          if (!end) {
            // All of it belongs to the key, save what may be the beginning of its end.
            rest = final ? "" : rest.slice(-MAX_MARK);
            return certain;
          }
          isInKey = false;
          rest = rest.slice(end.index + end[0].length);
        }
        const begin = KEY_BEGIN.exec(rest);
        const settled = begin ? begin.index : final ? rest.length : endOfWords(rest);
        certain += rest.slice(0, settled).replace(WORD, (word) => withoutKeys(word, REMOVED));
        rest = rest.slice(settled + (begin?.[0].length ?? 0));
        if (!begin) return certain;
        certain += REMOVED;
        isInKey = true;
      }
    },
  };
}

const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const UNFINISHED_MARK = /-----BEGIN [A-Z0-9 ]{0,60}-{0,5}$/;
const MAX_MARK = 80;

/** Up to the last word, which may go on; or the last but some, when the first line of a key may have begun there. */
function endOfWords(text: string): number {
  const mark = UNFINISHED_MARK.exec(text)?.index ?? text.length;
  const begun = text.slice(0, mark);
  const start = begun.length - (/\S*$/.exec(begun)?.[0].length ?? 0);
  return start + Math.floor((mark - start) / MAX_WORD) * MAX_WORD;
}

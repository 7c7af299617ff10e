import assert from "node:assert/strict";
import type { RenderedPart } from "../core/outlet.ts";
import { isBlank, normalise } from "./render-characters.ts";
import { compose, countFitting, cut, lengthOf } from "./render-part.ts";
import type { Carry, Unit } from "./render-unit.ts";
import { AT_START } from "./render-unit.ts";
import { toUnits, withSmallLineOutside } from "./render-units.ts";

/** Discord takes 2,000 characters in one message. */
const MAX_LENGTH = 1_990;
/** A cut is decided when so much more is there, so that the second line of a table is seen with its first. */
const LOOK_AHEAD = 210;
const WINDOW = MAX_LENGTH + LOOK_AHEAD;
/** The last message of a longer answer holds a file with the whole of it. */
const MAX_PARTS = 5;
/** Of the file that holds a whole answer. */
export const FILE_NAME = "answer.md";
const GOES_ON = "\n-# ✂️ This is getting long: the whole answer follows as a file.";
/** Headings of the rest that are told beside the file, and the length of each. */
const MAX_HEADINGS = 8;
const MAX_HEADING_CHARS = 60;
/** Stands for an answer in which there is nothing to see. */
const NOTHING_TO_SEE = "…";

/**
 * An answer as Discord messages: at most MAX_PARTS, none blank, each below Discord's limit. Every cut depends on no more
 * than the WINDOW behind the cut before, so that appending changes the last part only.
 * While it grows, an answer in which there is nothing to see yet has no parts.
 */
export function render(
  text: string,
  { final }: { readonly final: boolean },
): readonly RenderedPart[] {
  const answer = normalise(text);
  const parts: RenderedPart[] = [];
  const add = (content: string, file: RenderedPart["file"] = null) => {
    if (!isBlank(content)) parts.push({ content, file });
  };
  let carry = AT_START;
  for (let at = 0; at < answer.length;) {
    const isAll = answer.length <= at + WINDOW;
    const window = toUnits(answer.slice(at, at + WINDOW), carry);
    const units = isAll ? withSmallLineOutside(window) : withoutLookAhead(window);
    const rest = isAll ? inOnePart(units, carry, final) : null;
    if (rest !== null) {
      add(rest);
      break;
    }
    if (parts.length === MAX_PARTS - 1) {
      const [note, file] = final
        ? [
            `\n-# 📄 The whole answer is in the file.${inShort(answer.slice(at))}`,
            { name: FILE_NAME, text },
          ]
        : [GOES_ON, null];
      const beginning = compose(cut(units, carry, MAX_LENGTH - note.length), carry);
      add((beginning + note).trim(), file);
      break;
    }
    const part = cut(units, carry, MAX_LENGTH);
    assert(part.length > 0, "Every unit fits into a message");
    add(compose(part, carry));
    at += lengthOf(part);
    carry = part.at(-1)?.after ?? carry;
  }
  return parts.length === 0 && final && text !== ""
    ? [{ content: NOTHING_TO_SEE, file: null }]
    : parts;
}

/** null when it has to be cut. While the answer grows, what does not fit waits for that. */
function inOnePart(units: readonly Unit[], carry: Carry, final: boolean): string | null {
  const count = countFitting(units, carry, MAX_LENGTH);
  return count === units.length || !final ? compose(units.slice(0, count), carry) : null;
}

function withoutLookAhead(units: readonly Unit[]): readonly Unit[] {
  let length = 0;
  return units.filter((unit) => (length += unit.length) <= MAX_LENGTH);
}

/** What stands in the rest, by its own headings; nothing where it has none. Words of ours would cost a call of a model. */
function inShort(rest: string): string {
  const headings = [...rest.matchAll(/^#{1,6} +(.+)$|^\*\*([^*\n]+)\*\*:?$/gm)]
    .map(([, heading, bold]) => (heading ?? bold ?? "").replace(/[*_`~|<>[\]()#]/g, "").trim())
    // Addresses keep the form that they have in the text, or stay out.
    .filter((heading) => heading !== "" && !heading.includes("//"))
    .slice(0, MAX_HEADINGS)
    .map((heading) => heading.slice(0, MAX_HEADING_CHARS).toWellFormed());
  return headings.length === 0 ? "" : ` Further in it: ${headings.join(" · ")}.`;
}

/** Characters as people see them. Lengths are UTF-16 code units, the strictest way in which Discord might count. */

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** No carriage returns or other control characters, and no half of a character: a stream may have stopped within one. */
export function normalise(text: string): string {
  return (
    text
      .replace(/[\uD800-\uDBFF]$/, "")
      .toWellFormed()
      // oxlint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000B-\u001F\u007F]/g, "")
  );
}

/** True when a reader would see nothing; Discord refuses a message like that. */
export const isBlank = (text: string): boolean =>
  !/[^\s\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/u.test(text);

/** Pieces of at most `size`, never through what a reader takes for one character, unless that alone is longer. */
export function piecesOf(text: string, size: number): readonly string[] {
  const pieces = [""];
  for (const { segment } of graphemes.segment(text))
    for (const character of segment.length > size ? segment : [segment]) {
      const last = pieces.at(-1) ?? "";
      if (last !== "" && last.length + character.length > size) pieces.push(character);
      else pieces[pieces.length - 1] = last + character;
    }
  return pieces;
}

/** Columns in a code block: two for wide characters and emoji, none for combining marks alone. */
export function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text))
    width += WIDE.test(segment) ? 2 : ZERO.test(segment) ? 0 : 1;
  return width;
}

const ZERO = /^[\p{M}\p{Default_Ignorable_Code_Point}]+$/u;
/** East Asian Width W and F in broad strokes (Unicode Standard Annex 11), and whatever is drawn as an emoji. */
const WIDE =
  /^[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}|\uFE0F/u;

import { Parser } from "htmlparser2";

/** What does not end a line of its own. */
const BLOCK =
  /^(?:address|article|aside|blockquote|br|center|dd|div|dl|dt|fieldset|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|tr|ul)$/;
const NEVER_SHOWN = new Set(["script", "style", "head", "title", "template", "noscript", "object"]);
/** Without an end of their own. */
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/;
const MAX_URL_CHARS = 300;
/** Nobody reads further, and what nests without end costs ever more. */
const MAX_HTML_CHARS = 400_000;

export interface HtmlText {
  readonly text: string;
  /** There were words that nobody sees who looks at the mail: white on white, of no size, not displayed. */
  readonly hidesWords: boolean;
}

interface Open {
  readonly name: string;
  readonly isHidden: boolean;
  readonly href: string | null;
  readonly at: number;
}

/** What a person sees of HTML, as text of at most `maxChars`. Nothing is fetched, run or followed. */
export function toText(html: string, maxChars: number): HtmlText {
  const stack: Open[] = [];
  let text = "";
  let hidesWords = false;
  const isHidden = () => stack.at(-1)?.isHidden === true;
  const add = (more: string) => {
    if (text.length < maxChars) text += more;
  };
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (BLOCK.test(name)) add("\n");
        if (name === "li") add("- ");
        if (name === "td" || name === "th") add(" ");
        if (name === "img" && !isHidden()) add(imageWords(attributes));
        if (VOID.test(name)) return;
        const hides = isHidden() || NEVER_SHOWN.has(name) || hidesByStyle(attributes);
        stack.push({ name, isHidden: hides, href: attributes["href"] ?? null, at: text.length });
      },
      ontext(words) {
        if (!isHidden()) return add(words.replace(/[ \t\r\n\f]+/g, " "));
        if (words.trim() !== "" && !stack.some(({ name }) => NEVER_SHOWN.has(name)))
          hidesWords = true;
      },
      onclosetag(name) {
        const index = stack.findLastIndex((open) => open.name === name);
        if (index === -1) return;
        const [open] = stack.splice(index);
        if (open?.name === "a" && !open.isHidden && open.href !== null)
          add(linkWords(open.href, text.slice(open.at)));
        if (BLOCK.test(name)) add("\n");
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  parser.write(html.slice(0, MAX_HTML_CHARS));
  parser.end();
  return { text: tidy(text).slice(0, maxChars), hidesWords };
}

/** A picture says what it stands for; one of no size is there to be counted. */
function imageWords(attributes: Readonly<Record<string, string>>): string {
  const { alt = "", width, height } = attributes;
  if (isTiny(width) || isTiny(height) || hidesByStyle(attributes)) return "";
  return alt.trim() === "" ? "" : `[picture: ${alt.trim().slice(0, 200)}]`;
}

const isTiny = (size: string | undefined): boolean => /^\s*[01](?:px)?\s*$/.test(size ?? "");

/** Where a link leads, beside words that do not say so. */
function linkWords(href: string, words: string): string {
  const url = URL.parse(href.trim());
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return "";
  const address = url.href.slice(0, MAX_URL_CHARS);
  return words.trim() === address || words.trim() === href.trim() ? "" : ` (${address})`;
}

function hidesByStyle(attributes: Readonly<Record<string, string>>): boolean {
  if (attributes["hidden"] !== undefined) return true;
  const style = (attributes["style"] ?? "").toLowerCase().replace(/\s+/g, "");
  if (style === "") return false;
  return (
    /(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|mso-hide:all)/.test(style) ||
    /(?:^|;)(?:font-size|line-height|max-height|max-width|height|width):0(?:\.\d+)?(?:px|pt|em|%|;|!|$)/.test(
      style,
    ) ||
    /(?:^|;)font-size:[01]px/.test(style) ||
    /(?:^|;)opacity:0(?:\.0\d*)?(?:;|!|$)/.test(style) ||
    /(?:^|;)(?:text-indent|left|top|margin-left):-\d{3,}/.test(style) ||
    isUnreadable(style)
  );
}

const WHITE = /^(?:#fff(?:fff)?|white|rgba?\(255,255,255)/;

/** Letters in the colour of what is behind them; behind them is white unless it is said. */
function isUnreadable(style: string): boolean {
  const color = /(?:^|;)color:([^;!]+)/.exec(style)?.[1];
  if (color === undefined) return false;
  if (color === "transparent") return true;
  const behind = /(?:^|;)background(?:-color)?:([^;!]+)/.exec(style)?.[1];
  if (behind === undefined) return WHITE.test(color);
  return behind === color || (WHITE.test(color) && WHITE.test(behind));
}

const tidy = (text: string): string =>
  text
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();

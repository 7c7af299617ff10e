/**
 * The words of a line as a tree: strings, and {type, ...} for code, link, strong, em and del. Plain data: what is
 * drawn from it, and that nothing of it can be markup, is the business of draw-markdown.js.
 */

/** How deep emphasis may nest; beyond that the signs stay as they are. */
const MAX_DEPTH = 6;
/** Longest piece between two signs, so that no text of many signs takes long. It stands in the patterns too. */
const URL_BODY = String.raw`(?:[^\s()<>]|\([^\s()<>]{0,500}\))`;
const WITHIN = String.raw`([^]{1,1000}?)`;

/** Sticky, tried in this order at every sign. `make` gets the match, and a function that parses what is within. */
const RULES = [
  { pattern: /\\([!-/:-@[-`{-~])/y, make: ([, sign]) => sign },
  {
    pattern: /(`{1,8})(?!`)([^]{1,1000}?)(?<!`)\1(?!`)/y,
    make: ([, , text]) => ({ type: "code", text: text.replace(/^ (.*) $/s, "$1") }),
  },
  {
    // An image is shown as a link to it: nothing is fetched by itself.
    pattern: new RegExp(
      String.raw`!?\[((?:[^\]\\\n]|\\.){1,500})\]\(<?(https?:\/\/${URL_BODY}{1,2000})>?(?: "[^"\n]{0,500}")?\)`,
      "iy",
    ),
    make: ([, text, url], parse) => link(url, parse(text)),
  },
  { pattern: /<(https?:\/\/[^\s<>]{1,2000})>/iy, make: ([, url]) => link(url, [url]) },
  {
    pattern: new RegExp(
      String.raw`https?:\/\/${URL_BODY}{0,2000}(?:[^\s()<>.,;:!?'"*_~\]|]|\([^\s()<>]{0,500}\))`,
      "iy",
    ),
    make: ([url]) => link(url, [url]),
  },
  emphasis("strong", String.raw`\*\*(?=\S)${WITHIN}(?<=\S)\*\*(?!\*)`),
  emphasis("strong", String.raw`(?<!\w)__(?=\S)${WITHIN}(?<=\S)__(?!\w)`),
  emphasis("em", String.raw`\*(?=[^\s*])${WITHIN}(?<=[^\s*])\*(?!\*)`),
  emphasis("em", String.raw`(?<!\w)_(?=[^\s_])${WITHIN}(?<=[^\s_])_(?!\w)`),
  emphasis("del", String.raw`~~(?=\S)${WITHIN}(?<=\S)~~`),
];

function emphasis(type, pattern) {
  return {
    pattern: new RegExp(pattern, "y"),
    make: ([, text], parse) => ({ type, inline: parse(text) }),
  };
}

export function parseInline(text, depth = 0) {
  const inline = [];
  const push = (node) => {
    if (typeof node === "string" && typeof inline.at(-1) === "string")
      inline.push(inline.pop() + node);
    else inline.push(node);
  };
  const parse = (inner) => (depth < MAX_DEPTH ? parseInline(inner, depth + 1) : [inner]);
  for (let at = 0; at < text.length;) {
    const found = /[\\`!<[*_~hH]/.test(text[at]) ? match(text, at, parse) : null;
    push(found?.node ?? text[at]);
    at += found?.length ?? 1;
  }
  return inline;
}

function match(text, at, parse) {
  for (const { pattern, make } of RULES) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) return { node: make(found, parse), length: found[0].length };
  }
  return null;
}

/** Only the web: anything else that looks like a link stays text. */
function link(url, inline) {
  const target = URL.parse(url);
  if (target?.protocol !== "https:" && target?.protocol !== "http:") return url;
  return { type: "link", href: target.href, inline: withoutLinks(inline) };
}

const withoutLinks = (inline) =>
  inline.flatMap((node) => {
    if (node.type === "link") return node.inline;
    return node.inline ? [{ ...node, inline: withoutLinks(node.inline) }] : [node];
  });

import { parseInline } from "./markdown-inline.js";

/** How deep lists and quotes may nest; beyond that their signs stay as they are. */
const MAX_DEPTH = 6;

const FENCE = /^ {0,3}(`{3,}|~{3,}) *([^`\s]*)[^`]*$/;
const HEADING = /^ {0,3}(#{1,6}) +(.*?)(?: +#+)? *$/;
const SMALL = /^-# +(.*)$/;
const RULE = /^ {0,3}(?:-{3,}|\*{3,}|_{3,}) *$/;
const QUOTE = /^ {0,3}> ?(.*)$/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])(?: +(.*)| *)$/;
const DELIMITER = /^ *\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$/;

/** How each kind of block is taken from the lines at `at`: {block, next}, or null when it does not begin there. */
const KINDS = [takeFence, takeHeading, takeSmall, takeRule, takeQuote, takeList, takeTable];

/**
 * Markdown as chats write it, as a tree of blocks. Every text is some Markdown: half an answer too, which is why a
 * code block that is still open counts as one.
 */
export const parseMarkdown = (text) =>
  parseBlocks(text.replace(/\r\n?/g, "\n").replace(/\t/g, "    ").split("\n"), 0);

function parseBlocks(lines, depth) {
  const blocks = [];
  for (let at = 0; at < lines.length;) {
    if (lines[at].trim() === "") at++;
    else {
      const { block, next } = take(lines, at, depth) ?? takeParagraph(lines, at, depth);
      blocks.push(block);
      at = next;
    }
  }
  return blocks;
}

function take(lines, at, depth) {
  if (depth > MAX_DEPTH) return null;
  for (const kind of KINDS) {
    const taken = kind(lines, at, depth);
    if (taken) return taken;
  }
  return null;
}

/** A line break within a paragraph is kept, as in a chat. */
function takeParagraph(lines, at, depth) {
  let next = at + 1;
  while (next < lines.length && lines[next].trim() !== "" && !beginsBlock(lines, next, depth))
    next++;
  const text = lines
    .slice(at, next)
    .map((line) => line.trim())
    .join("\n");
  return { block: { type: "paragraph", inline: parseInline(text) }, next };
}

const beginsBlock = (lines, at, depth) =>
  depth <= MAX_DEPTH &&
  ([FENCE, HEADING, SMALL, RULE, QUOTE, ITEM].some((pattern) => pattern.test(lines[at])) ||
    beginsTable(lines, at));

function takeFence(lines, at) {
  const [, fence, language] = FENCE.exec(lines[at]) ?? [];
  if (fence === undefined) return null;
  const closes = (line) => line.trim().startsWith(fence) && /^ {0,3}(`+|~+) *$/.test(line);
  const end = lines.findIndex((line, index) => index > at && closes(line));
  const text = lines.slice(at + 1, end === -1 ? lines.length : end).join("\n");
  return { block: { type: "code", language, text }, next: end === -1 ? lines.length : end + 1 };
}

function takeHeading(lines, at) {
  const [, signs, text] = HEADING.exec(lines[at]) ?? [];
  if (signs === undefined) return null;
  return {
    block: { type: "heading", level: signs.length, inline: parseInline(text) },
    next: at + 1,
  };
}

function takeSmall(lines, at) {
  const [, text] = SMALL.exec(lines[at]) ?? [];
  return text === undefined
    ? null
    : { block: { type: "small", inline: parseInline(text) }, next: at + 1 };
}

function takeRule(lines, at) {
  return RULE.test(lines[at]) ? { block: { type: "rule" }, next: at + 1 } : null;
}

function takeQuote(lines, at, depth) {
  let next = at;
  const inner = [];
  for (let found; next < lines.length && (found = QUOTE.exec(lines[next])); next++)
    inner.push(found[1]);
  return next === at
    ? null
    : { block: { type: "quote", blocks: parseBlocks(inner, depth + 1) }, next };
}

function takeList(lines, at, depth) {
  const first = ITEM.exec(lines[at]);
  if (!first) return null;
  const ordered = isNumber(first[2]);
  const items = [];
  let next = at;
  for (;;) {
    const found = next < lines.length ? ITEM.exec(lines[next]) : null;
    if (!found || isNumber(found[2]) !== ordered || RULE.test(lines[next])) break;
    const end = endOfItem(lines, next + 1);
    const width = found[1].length + found[2].length + 1;
    const inner = lines.slice(next + 1, end).map((line) => unindent(line, width));
    items.push(parseBlocks([found[3] ?? "", ...inner], depth + 1));
    next = end;
    while (next < lines.length && lines[next].trim() === "" && ITEM.test(lines[next + 1] ?? ""))
      next++;
  }
  const start = ordered ? Number.parseInt(first[2], 10) : null;
  return { block: { type: "list", start, items }, next };
}

const isNumber = (marker) => /\d/.test(marker);

/** Indented lines belong to the item, with the empty ones between them. */
function endOfItem(lines, from) {
  let end = from;
  for (let at = from; at < lines.length; at++) {
    if (/^ {2,}\S/.test(lines[at])) end = at + 1;
    else if (lines[at].trim() !== "") break;
  }
  return end;
}

const unindent = (line, width) => line.slice(Math.min(width, line.search(/\S|$/)));

const beginsTable = (lines, at) =>
  lines[at].includes("|") &&
  DELIMITER.test(lines[at + 1] ?? "") &&
  cellsOf(lines[at]).length === cellsOf(lines[at + 1]).length;

function takeTable(lines, at) {
  if (!beginsTable(lines, at)) return null;
  let next = at + 2;
  while (next < lines.length && lines[next].includes("|")) next++;
  const alignment = cellsOf(lines[at + 1]).map(alignmentOf);
  const [head, ...rows] = [at, ...range(at + 2, next)].map((index) =>
    alignment.map((_, column) => parseInline(cellsOf(lines[index])[column] ?? "")),
  );
  return { block: { type: "table", alignment, head, rows }, next };
}

const range = (from, to) => Array.from({ length: to - from }, (_, index) => from + index);

const cellsOf = (line) =>
  line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());

function alignmentOf(cell) {
  if (cell.endsWith(":")) return cell.startsWith(":") ? "center" : "right";
  return "left";
}

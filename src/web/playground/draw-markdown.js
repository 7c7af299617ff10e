import { button, element } from "./element.js";
import { parseMarkdown } from "./markdown-blocks.js";

const COPIED_FOR_MS = 1_500;

/** What each drawn block was drawn from. */
const sources = new WeakMap();

/**
 * Shows the Markdown in the element. Blocks that are as before keep their nodes, so that a growing answer does not
 * lose the reader's selection. Nodes are made one by one and text is only ever text: nothing in it can become markup.
 */
export function drawMarkdown(into, text) {
  const blocks = parseMarkdown(text);
  for (const [index, block] of blocks.entries()) {
    const source = JSON.stringify(block);
    const known = into.children[index];
    if (known && sources.get(known) === source) continue;
    const drawn = drawBlock(block);
    sources.set(drawn, source);
    if (known) known.replaceWith(drawn);
    else into.append(drawn);
  }
  while (into.children.length > blocks.length) into.lastElementChild.remove();
}

function drawBlock(block) {
  switch (block.type) {
    case "paragraph":
      return element("p", { dir: "auto" }, ...block.inline.map(drawInline));
    case "heading":
      // The page has its own first and second level.
      return element(
        `h${Math.min(block.level + 2, 6)}`,
        { dir: "auto" },
        ...block.inline.map(drawInline),
      );
    case "small":
      return element("p", { className: "small", dir: "auto" }, ...block.inline.map(drawInline));
    case "rule":
      return element("hr");
    case "quote":
      return element("blockquote", {}, ...block.blocks.map(drawBlock));
    case "list":
      return drawList(block);
    case "table":
      return drawTable(block);
    case "code":
      return drawCode(block);
  }
}

function drawList({ start, items }) {
  const drawn = items.map((blocks) => element("li", { dir: "auto" }, ...blocks.map(drawBlock)));
  return start === null ? element("ul", {}, ...drawn) : element("ol", { start }, ...drawn);
}

function drawTable({ alignment, head, rows }) {
  const row = (cells, tag) =>
    element(
      "tr",
      {},
      ...cells.map((inline, column) =>
        element(tag, { className: alignment[column], dir: "auto" }, ...inline.map(drawInline)),
      ),
    );
  const table = element(
    "table",
    {},
    element("thead", {}, row(head, "th")),
    element("tbody", {}, ...rows.map((cells) => row(cells, "td"))),
  );
  return element(
    "div",
    { className: "wide", tabIndex: 0, role: "region", "aria-label": "Table" },
    table,
  );
}

function drawCode({ language, text }) {
  const copy = button(
    "Copy",
    async (self) => {
      // Refused where the browser does not trust the page: then it can still be selected by hand.
      const copied = await navigator.clipboard.writeText(text).then(
        () => true,
        () => false,
      );
      self.textContent = copied ? "Copied" : "Select it by hand";
      setTimeout(() => (self.textContent = "Copy"), COPIED_FOR_MS);
    },
    { className: "copy" },
  );
  const code = element("code", { textContent: text });
  return element(
    "figure",
    { className: "code" },
    element("figcaption", {}, element("span", { textContent: language || "text" }), copy),
    element("pre", { tabIndex: 0, dir: "ltr" }, code),
  );
}

function drawInline(node) {
  if (typeof node === "string") return withBreaks(node);
  switch (node.type) {
    case "code":
      return element("code", { textContent: node.text });
    case "link":
      return element(
        "a",
        {
          href: node.href,
          title: `Leads to ${node.href}`,
          target: "_blank",
          rel: "noopener noreferrer",
        },
        ...node.inline.map(drawInline),
      );
    case "strong":
    case "em":
    case "del":
      return element(node.type, {}, ...node.inline.map(drawInline));
  }
}

function withBreaks(text) {
  const drawn = document.createDocumentFragment();
  for (const [index, line] of text.split("\n").entries()) {
    if (index > 0) drawn.append(document.createElement("br"));
    drawn.append(line);
  }
  return drawn;
}

import fc from "fast-check";
import { expect, test } from "vitest";

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

// The page's files are plain JavaScript, without declarations.
const { parseMarkdown } = (await import(new URL("markdown-blocks.js", import.meta.url).href)) as {
  parseMarkdown: (text: string) => readonly Node[];
};

const paragraph = (...inline: unknown[]) => ({ type: "paragraph", inline });
const link = (href: string, ...inline: unknown[]) => ({ type: "link", href, inline });

test.each([
  [
    "**bold** and *leaning*",
    [{ type: "strong", inline: ["bold"] }, " and ", { type: "em", inline: ["leaning"] }],
  ],
  ["***both***", [{ type: "strong", inline: [{ type: "em", inline: ["both"] }] }]],
  [
    "a *b **c** d*",
    ["a ", { type: "em", inline: ["b ", { type: "strong", inline: ["c"] }, " d"] }],
  ],
  ["~~gone~~", [{ type: "del", inline: ["gone"] }]],
  [
    "`x < y` and ``a ` b``",
    [{ type: "code", text: "x < y" }, " and ", { type: "code", text: "a ` b" }],
  ],
  ["`**not bold**`", [{ type: "code", text: "**not bold**" }]],
  ["snake_case_name and 2 * 3 * 4", ["snake_case_name and 2 * 3 * 4"]],
  ["\\*not leaning\\*", ["*not leaning*"]],
  ["still **open", ["still **open"]],
  ["one\ntwo", ["one\ntwo"]],
  ["𝔘nicode 👩‍👩‍👧", ["𝔘nicode 👩‍👩‍👧"]],
])("the words of %j", (text, inline) => {
  expect(parseMarkdown(text)).toEqual([paragraph(...inline)]);
});

test.each([
  ["[docs](https://example.com/a)", link("https://example.com/a", "docs")],
  ["<https://example.com/a>", link("https://example.com/a", "https://example.com/a")],
  ["https://example.com/a_(b)", link("https://example.com/a_(b)", "https://example.com/a_(b)")],
  ["[x](https://example.com/a_(b))", link("https://example.com/a_(b)", "x")],
  [
    "[**x**](https://example.com/)",
    link("https://example.com/", { type: "strong", inline: ["x"] }),
  ],
  ["![a picture](https://example.com/a.png)", link("https://example.com/a.png", "a picture")],
  [
    "[https://good.example](https://evil.example/)",
    link("https://evil.example/", "https://good.example"),
  ],
  ["[x](https://аpple.com/)", link("https://xn--pple-43d.com/", "x")],
])("a link leads where it says: %s", (text, expected) => {
  expect(parseMarkdown(text)).toEqual([paragraph(expected)]);
});

test("a sentence ends after its link", () => {
  expect(parseMarkdown("See https://example.com/a, or https://example.com/b.")).toEqual([
    paragraph(
      "See ",
      link("https://example.com/a", "https://example.com/a"),
      ", or ",
      link("https://example.com/b", "https://example.com/b"),
      ".",
    ),
  ]);
});

test.each([
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](data:text/html,<script>alert(1)</script>)",
  "[x](vbscript:x)",
  "[x](//evil.example)",
  "[x](/api/playground/stop)",
  "<javascript:alert(1)>",
])("what does not lead to the web is no link: %s", (text) => {
  expect(parseMarkdown(text)).toEqual([paragraph(text)]);
});

test("blocks follow one another, with or without empty lines between them", () => {
  const text = "# One\nwords\n-# small\n> quoted\n> more\n---\n- item\n\nend";

  expect(parseMarkdown(text)).toEqual([
    { type: "heading", level: 1, inline: ["One"] },
    paragraph("words"),
    { type: "small", inline: ["small"] },
    { type: "quote", blocks: [paragraph("quoted\nmore")] },
    { type: "rule" },
    { type: "list", start: null, items: [[paragraph("item")]] },
    paragraph("end"),
  ]);
});

test("lists nest, count from their first number, and hold code", () => {
  const text = "3. three\n   - a\n   - b\n\n4. four\n   ```js\n   x\n     y\n   ```";

  expect(parseMarkdown(text)).toEqual([
    {
      type: "list",
      start: 3,
      items: [
        [
          paragraph("three"),
          { type: "list", start: null, items: [[paragraph("a")], [paragraph("b")]] },
        ],
        [paragraph("four"), { type: "code", language: "js", text: "x\n  y" }],
      ],
    },
  ]);
});

test("code keeps its words as they are, also while it is still open", () => {
  expect(parseMarkdown("```html\n<b>**x**</b>\n\n# y\n```\nafter")).toEqual([
    { type: "code", language: "html", text: "<b>**x**</b>\n\n# y" },
    paragraph("after"),
  ]);
  expect(parseMarkdown("````md\n```\nx\n```\n````")).toEqual([
    { type: "code", language: "md", text: "```\nx\n```" },
  ]);
  expect(parseMarkdown("```ts\nconst x = 1;")).toEqual([
    { type: "code", language: "ts", text: "const x = 1;" },
  ]);
});

test("a table has as many cells in each row as in its head", () => {
  expect(parseMarkdown("| a | b |\n|:-:|--:|\n| 1 \\| 2 |\n| 3 | 4 | 5 |")).toEqual([
    {
      type: "table",
      alignment: ["center", "right"],
      head: [["a"], ["b"]],
      rows: [
        [["1 | 2"], []],
        [["3"], ["4"]],
      ],
    },
  ]);
});

test("nothing nests so deep that drawing it would fail", () => {
  const depthOf = (node: unknown): number =>
    typeof node === "object" && node !== null
      ? 1 + Math.max(0, ...Object.values(node).map(depthOf))
      : 0;

  expect(depthOf(parseMarkdown(`${">".repeat(5_000)} x`))).toBeLessThan(60);
  expect(depthOf(parseMarkdown(`${"- ".repeat(5_000)}x`))).toBeLessThan(60);
  expect(depthOf(parseMarkdown(`${"*a **b ".repeat(2_000)}x`))).toBeLessThan(60);
});

test.each([
  "*a ",
  "**a",
  "`a",
  "[a](",
  "![",
  "<https://a",
  "_a_b",
  "~~a",
  "| a ",
  "> - ",
  "\\",
  "(",
  "https://a.b/(",
])("a long text of %j takes no long time", (piece) => {
  const text = piece.repeat(Math.ceil(20_000 / piece.length));
  const startedAt = performance.now();

  parseMarkdown(text);
  parseMarkdown(`|${text}\n|-|\n|${text}`);

  expect(performance.now() - startedAt).toBeLessThan(15_000);
});

test("every text is some Markdown, and every link in it leads to the web", () => {
  const signs = fc.constantFrom(
    ..."*_~`[]()<>!#|-+\\\n \tax1.:/".split(""),
    "https://a.b/",
    "javascript:",
    "```",
    "| - |\n",
    "-# ",
  );
  const hrefs = (node: unknown): readonly unknown[] => {
    if (typeof node !== "object" || node === null) return [];
    const own = "href" in node ? [node.href] : [];
    return [...own, ...Object.values(node).flatMap(hrefs)];
  };

  fc.assert(
    fc.property(fc.array(signs, { maxLength: 60 }), (pieces) => {
      const elsewhere = hrefs(parseMarkdown(pieces.join(""))).filter(
        (href) => !/^https?:\/\//.test(String(href)),
      );
      expect(elsewhere).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

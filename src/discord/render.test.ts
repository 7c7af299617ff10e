import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isBlank } from "./render-characters.ts";
import { render } from "./render.ts";

const finished = (text: string) => render(text, { final: true });
const growing = (text: string) => render(text, { final: false });
const shown = (text: string) => finished(text).map(({ content }) => content);

const paragraph = (words: number) => "word ".repeat(words).trim();
const code = (lines: number) =>
  Array.from({ length: lines }, (_, index) => `const line${index} = "some code";`).join("\n");

describe("render() splits", () => {
  test("a short answer not at all", () => {
    expect(finished("Hello.\n")).toEqual([{ content: "Hello.", file: null }]);
  });

  test("between paragraphs where it can", () => {
    const text = [paragraph(150), paragraph(150), paragraph(150)].join("\n\n");

    expect(shown(text)).toEqual([`${paragraph(150)}\n\n${paragraph(150)}`, paragraph(150)]);
  });

  test("between lines, then sentences, then words where there is nothing better", () => {
    const lines = Array.from({ length: 30 }, (_, index) => `${index} ${paragraph(18)}`);
    const sentences = `${paragraph(30)}. `.repeat(15).trim();

    expect(shown(lines.join("\n"))[1]).toMatch(/^\d+ word/);
    expect(shown(sentences)[0]).toMatch(/word\.$/);
    expect(shown(paragraph(500))[0]).toMatch(/word$/);
  });

  test("code with its fence closed and opened again in the same language", () => {
    const [first, second] = shown(`Look:\n\`\`\`ts\n${code(80)}\n\`\`\`\nDone.`);

    expect(first).toMatch(/^Look:\n```ts\nconst line0 = [^]*";\n```$/);
    expect(second).toMatch(/^```ts\nconst line\d+ = [^]*\n```\nDone\.$/);
  });

  test("code in a quote with the marks of both", () => {
    const quoted = code(80).replace(/^/gm, "> ");
    const [first, second] = shown(`> \`\`\`ts\n${quoted}\n> \`\`\``);

    expect(first).toMatch(/^> ```ts\n> const line0 = [^]*";\n> ```$/);
    expect(second).toMatch(/^> ```ts\n> const line\d+ = [^]*\n> ```$/);
  });

  test("not through a block of code that fits into the next message", () => {
    const block = `\`\`\`ts\n${code(40)}\n\`\`\``;

    expect(shown(`${paragraph(200)}\n\n${block}`)).toEqual([paragraph(200), block]);
  });

  test("a table with its head in both messages", () => {
    const rows = Array.from({ length: 120 }, (_, index) => `| key ${index} | value ${index} |`);
    const [first, second] = shown(["| Key | Value |", "|---|---|", ...rows].join("\n"));

    expect(first).toMatch(/^```\nKey +│ Value\n─+┼─+\nkey 0/);
    expect(second).toMatch(/^```\nKey +│ Value\n─+┼─+\nkey [1-9]/);
  });

  test("not through a link or bold words", () => {
    const link = "[a link of some words](https://example.com/a/long/path?with=a&query=too)";

    expect(shown(`${paragraph(392)} ${link} ${paragraph(100)}`)[1]).toMatch(/^\[a link/);
    expect(shown(`${paragraph(396)} **not cut in here** ${paragraph(100)}`)[1]).toMatch(/^\*\*not/);
  });

  test("a quote and a small line with their mark at the beginning of each message", () => {
    expect(shown(`> ${paragraph(600)}`)[1]).toMatch(/^> word/);
    expect(shown(`-# ${paragraph(600)}`)[1]).toMatch(/^-# word/);
  });

  test("no heading from what it stands above", () => {
    const text = `${paragraph(370)}\n## Heading\n${paragraph(300)}`;

    expect(shown(text)[1]).toMatch(/^## Heading\nword/);
  });

  test("no emoji of several characters", () => {
    const text = `abcde${"👩‍👩‍👧‍👦🧑🏽‍🚀".repeat(200)}`;

    const parts = shown(text);

    expect(parts.join("")).toBe(text);
    expect(parts.map((part) => part.replace(/👩‍👩‍👧‍👦|🧑🏽‍🚀/gu, ""))).toEqual(["abcde", ""]);
  });
});

describe("render() bounds a very long answer", () => {
  const long = Array.from({ length: 300 }, (_, index) => `${index} ${paragraph(40)}`).join("\n\n");

  test("to five messages, the last with the whole answer as a file", () => {
    const parts = finished(long);

    expect(parts).toHaveLength(5);
    expect(parts.at(-1)?.file).toEqual({ name: "answer.md", text: long });
    expect(parts.at(-1)?.content).toMatch(/word\n-# 📄 The whole answer is in the file\.$/);
    expect(parts.slice(0, 4).every(({ file }) => file === null)).toBe(true);
  });

  test("beside the file of a very long answer stand the headings of what is only there", () => {
    const chapter = (title: string) => `## ${title}\n${"word ".repeat(900)}\n`;
    const long = ["One", "Two", "Three", "**Four**", "See https://a.example/"]
      .map(chapter)
      .join("");

    const last = render(long, { final: true }).at(-1);

    expect(last?.content).toMatch(/in the file\. Further in it: (Two · )?Three · Four\.$/);
    expect(last?.content.length).toBeLessThan(2_000);
  });

  test("while it grows by standing still, with a line that says so", () => {
    const soFar = growing(long.slice(0, 20_000));

    expect(soFar).toHaveLength(5);
    expect(soFar.at(-1)?.content).toMatch(/\n-# ✂️ This is getting long[^\n]*$/);
    expect(growing(long)).toEqual(soFar);
    expect(finished(long).slice(0, 4)).toEqual(soFar.slice(0, 4));
  });
});

describe("render() shows what Discord cannot", () => {
  test.each([
    ["a deep heading", "#### Deep **one** ##", "**Deep one**"],
    [
      "a picture",
      'See ![a cat](https://e.com/cat.png "Tom").',
      "See [a cat](https://e.com/cat.png).",
    ],
    ["a picture without words", "![](https://e.com/cat.png)", "https://e.com/cat.png"],
    ["a picture that is no web address", "![a cat](cat.png)", "a cat (cat.png)"],
    ["a rule", "a\n\n---\n\nb", "a\n\n──────────\n\nb"],
    ["a comment", "a <!-- not\nfor you --> b", "a  b"],
    ["a comment on its own lines", "a\n<!-- not\nfor you -->\nb", "a\nb"],
    ["a line break", "a<br>b", "a\nb"],
    ["tasks", "- [ ] open\n- [x] done", "- ☐ open\n- ☑ done"],
    ["quotes within quotes", "> > deep\n>>> all", "> deep\n> all"],
    ["a formula", "So $E = mc^2$.", "So `E = mc²`."],
    ["another formula", "\\(\\frac{a+b}{2} \\leq \\sqrt{x}\\)", "`(a+b)/2 ≤ √x`"],
    ["a formula on lines of its own", "$$\nx_1 = \\alpha\n$$", "```\nx₁ = α\n```"],
    ["a longer formula", "$f(x) \\to e^{x^{2}} \\text{ for } x_i$", "`f(x) → e^(x²) for x_i`"],
    [
      "several lines of formulas",
      "\\[\\begin{align}a &= 1 \\\\ b &= 2\\end{align}\\]",
      "```\na = 1\nb = 2\n```",
    ],
    ["a fence of tildes", "~~~python\nx\n~~~", "```python\nx\n```"],
    ["words behind a language", "```js title=a.js\nx\n```", "```js\nx\n```"],
    [
      "a fence within a fence",
      "````\n```\nx\n```\n````",
      "```\n`\u200B`\u200B`\nx\n`\u200B`\u200B`\n```",
    ],
  ])("%s", (_, text, expected) => {
    expect(shown(text)).toEqual([expected]);
  });

  test.each([
    "It costs $5 and $10, not $HOME/$USER.",
    "`![a](b) $x^2$ <!-- c --> | d`",
    "```html\n<!-- a -->\n| b | c |\n|---|---|\n#### d $x^2$\n```",
    "[a](https://e.com/x_(y)) <https://e.com> <@123> <:name:123>",
    "# One\n## Two\n### Three\n-# small\n> quote\n1. one\n   - two",
    "\\[not a link\\] and a | b | c",
    "**bold** *italic* __under__ ~~gone~~ ||hidden||",
  ])("and leaves alone what it can: %j", (text) => {
    expect(shown(text)).toEqual([text]);
  });

  test("a table as an aligned block, wide characters counted twice", () => {
    const table = "| Name | Age |\n|:--|--:|\n| **Ana** | 3 |\n| 漢字 🎉 | 42 |\n| a \\| b | |";

    expect(shown(table)).toEqual([
      [
        "```",
        "Name    │ Age",
        "────────┼────",
        "Ana     │   3",
        "漢字 🎉 │  42",
        "a | b   │",
        "```",
      ].join("\n"),
    ]);
  });

  test("a table that is too wide as a list", () => {
    const table = `| Name | Notes |\n|---|---|\n| Ana | ${paragraph(20)} |\n| Ben | none |`;

    expect(shown(table)).toEqual([
      `- **Name:** Ana\n  - **Notes:** ${paragraph(20)}\n- **Name:** Ben\n  - **Notes:** none`,
    ]);
  });

  test("a table with links as a list, since links do not work in code", () => {
    expect(shown("| A | B |\n|---|---|\n| [x](https://e.com) | y |")).toEqual([
      "- **A:** [x](https://e.com)\n  - **B:** y",
    ]);
  });

  test("code that is not finished as closed", () => {
    expect(growing("Look:\n```ts\nconst a = 1;")[0]?.content).toBe(
      "Look:\n```ts\nconst a = 1;\n```",
    );
    expect(growing("Look:\n```ts\n")[0]?.content).toBe("Look:");
  });

  test("a small line below code that was broken off outside of the code", () => {
    expect(shown("```ts\nconst a = 1;\n\n-# ⏹️ Stopped.")).toEqual([
      "```ts\nconst a = 1;\n\n```\n-# ⏹️ Stopped.",
    ]);
  });

  test("something where there is nothing to see", () => {
    expect(finished("")).toEqual([]);
    expect(shown(" \n\u200B\u2800\n")).toEqual(["…"]);
    expect(shown("<!-- only this -->")).toEqual(["…"]);
    expect(growing(" \n")).toEqual([]);
  });
});

/** Markdown in all its forms, also broken ones. */
const fragment = fc.oneof(
  fc.constantFrom(
    "\n",
    "\n\n",
    " ",
    "\r\n",
    "**bold",
    "bold** ",
    "`code` ",
    "``",
    "```",
    "```ts\n",
    "\n```\n",
    "\n~~~\n",
    "> quote ",
    "\n- item ",
    "\n-# small ",
    "\n#### deep ",
    "\n---\n",
    "| a | b |\n",
    "|---|---|\n",
    "| [x](https://e.com) | 漢字 |\n",
    "<!-- ",
    " -->",
    "$x^2$ ",
    "$$",
    "\\[",
    "![pic](https://e.com/p.png) ",
    "[link of words](https://e.com/a_(b)) ",
    "👩‍👩‍👧‍👦",
    "🇮🇩",
    "e\u0301",
    "。",
    "\u200B",
    "\uD83D",
    "\0",
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc
    .tuple(fc.constantFrom("x", " ", "> ", "\n", "[", "|", "-", "`", "- "), fc.nat({ max: 1_300 }))
    .map(([mark, count]) => mark.repeat(count)),
  fc.nat({ max: 60 }).map(paragraph),
  fc.nat({ max: 30 }).map((count) => `\n${code(count)}\n`),
);
const markdown = fc
  .array(fragment, { maxLength: 120, size: "max" })
  .map((fragments) => fragments.join(""));

/** Well-formed Markdown in which each word occurs once; w1, w2, and so on, in order. */
const block = fc.record({
  kind: fc.constantFrom("words", "list", "code", "quote", "table", "bold"),
  size: fc.integer({ min: 1, max: 60 }),
});
const numbered = fc.array(block, { maxLength: 12, size: "max" }).map((blocks) => {
  let count = 0;
  const words = (size: number) => Array.from({ length: size }, () => `w${++count}`);
  const written = blocks.map(({ kind, size }) => {
    switch (kind) {
      case "list":
        return words(size)
          .map((word) => `- ${word}`)
          .join("\n");
      case "code":
        return `\`\`\`js\n${words(size).join("\n")}\n\`\`\``;
      case "quote":
        return `> ${words(size).join(" ")}`;
      case "table":
        return ["| A | B |", "|---|---|", ...words(size).map((word) => `| ${word} | x |`)].join(
          "\n",
        );
      case "bold":
        return `**${words(size).join(" ")}**`;
      case "words":
        return words(size).join(" ");
    }
  });
  return { text: written.join("\n\n"), count };
});

describe("render() always", () => {
  test("gives messages that Discord takes: few, short, visible, whole characters", () => {
    fc.assert(
      fc.property(markdown, fc.boolean(), (text, final) => {
        const parts = render(text, { final });

        expect(parts.length).toBeLessThanOrEqual(5);
        expect(parts.length > 0 || text === "" || !final).toBe(true);
        for (const { content } of parts) {
          expect(content.length).toBeLessThan(2_000);
          expect(isBlank(content)).toBe(false);
          expect(content).toBe(content.trim());
          expect(content.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  test("leaves all parts but the last alone when the answer grows", () => {
    fc.assert(
      fc.property(
        markdown,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        (text, places) => {
          for (const place of places) {
            const prefix = text.slice(0, Math.floor(place * text.length));
            const settled = growing(prefix).slice(0, -1);

            expect(growing(text).slice(0, settled.length)).toEqual(settled);
            expect(finished(text).slice(0, settled.length)).toEqual(settled);
          }
        },
      ),
    );
  });

  const hidden = `<!-- ${paragraph(40)} -->`;
  test.each([
    [
      "with all there is",
      2,
      [
        paragraph(330),
        `\`\`\`ts\n${code(20)}\n\`\`\``,
        "| A | B |\n|---|---|\n| [x](https://e.com) | y |\n| z | **b** |",
        `$$x = \\frac{1}{2}$$\n${hidden}\n> 👩‍👩‍👧‍👦 ${paragraph(60)}`,
      ].join("\n\n"),
    ],
    ["of which some is hidden", 1, `${hidden}\n${paragraph(375)}`],
  ])("leaves all parts but the last alone at every single step of a text %s", (_, count, text) => {
    const whole = finished(text);

    for (let length = 0; length <= text.length; length++) {
      const settled = growing(text.slice(0, length)).slice(0, -1);
      expect(whole.slice(0, settled.length)).toEqual(settled);
    }
    expect(whole).toHaveLength(count);
  });

  test("keeps every word, in order", () => {
    fc.assert(
      fc.property(numbered, ({ text, count }) => {
        const found = shown(text).join("\n").match(/w\d+/g) ?? [];

        const expected = Array.from({ length: count }, (_, index) => `w${index + 1}`);
        const isInFile = finished(text).at(-1)?.file !== null;
        expect(found).toEqual(isInFile ? expected.slice(0, found.length) : expected);
      }),
    );
  });

  test("closes every fence that it opens", () => {
    fc.assert(
      fc.property(numbered, ({ text }) => {
        for (const content of shown(text)) expect((content.match(/```/g) ?? []).length % 2).toBe(0);
      }),
    );
  });

  test("keeps every character of a word that fills many messages", () => {
    const unit = fc.constantFrom("a", "ß", "漢", "🎉", "👩‍👩‍👧‍👦", "e\u0301", "🇮🇩");
    fc.assert(
      fc.property(fc.string({ unit, minLength: 1, maxLength: 2_000, size: "max" }), (text) => {
        expect(shown(text).join("")).toBe(text);
      }),
    );
  });
});

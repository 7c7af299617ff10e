import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { REMOVED } from "../lib/secret-filter.ts";
import { createSecretFilter } from "../lib/secret-filter.ts";
import { createOutgoing } from "./outgoing.ts";

const secret = "Zx9-Quiet_Harbour.42";
const outgoing = createOutgoing({
  secrets: createSecretFilter(() => [secret]),
  hosts: ["wikipedia.org"],
});
const known = "https://ok.example/a?b=c";
const said = [
  "Look at https://mine.example/page, and (https://paren.example/x_(y)) or shop.com/bag.",
];

function open() {
  const turn = outgoing.open(() => said);
  turn.addSources([known]);
  return turn;
}
const show = (text: string) => open().whole(text);
const exactly = (text: string) => new RegExp(`^${RegExp.escape(text)}$`);

describe("a link stays a link", () => {
  test.each([
    [known, `<${known}>`],
    [`See ${known}.`, `See <${known}>.`],
    [`(${known})`, `(<${known}>)`],
    [`**${known}**`, `**<${known}>**`],
    [`<${known}>`, `<${known}>`],
    [`- ${known}\n- b`, `- <${known}>\n- b`],
    [`[the page](${known})`, `[the page](<${known}>)`],
    [`[the page](<${known}> "title")`, `[the page](<${known}>)`],
    [`[ok.example](${known})`, `[ok.example](<${known}>)`],
    [`[${known}](${known})`, `<${known}>`],
    [`![a loaf](${known})`, `[a loaf](<${known}>)`],
    [`[the page][1]\n\n[1]: ${known}`, `[the page][1]\n\n[1]: <${known}>`],
    ["https://mine.example/page", "<https://mine.example/page>"],
    ["https://mine.example/page/", "<https://mine.example/page/>"],
    ["https://paren.example/x_(y)", "<https://paren.example/x_(y)>"],
    ["https://shop.com/bag", "<https://shop.com/bag>"],
    ["https://de.wikipedia.org/wiki/Brot", "<https://de.wikipedia.org/wiki/Brot>"],
    ["en.wikipedia.org/wiki/Bread", "en.wikipedia.org/wiki/Bread"],
    [`见${known}。好`, `见<${known}>。好`],
  ])("%s", (text, shown) => expect(show(text)).toBe(shown));
});

describe("what nobody knows is no link", () => {
  test.each([
    ["https://evil.example/?d=1", "hxxps[:]//evil[.]example/?d=1"],
    ["HTTPS://EVIL.example/x", "hxxps[:]//evil[.]example/x"],
    [`${known}&d=1`, "hxxps[:]//ok[.]example/a?b=c&d=1"],
    [`${known}#d1`, "hxxps[:]//ok[.]example/a?b=c#d1"],
    ["https://evil.ok.example/a?b=c", "hxxps[:]//evil[.]ok[.]example/a?b=c"],
    ["https://ok.example@evil.example/", "hxxps[:]//evil[.]example"],
    ["https://ok.example\\@evil.example/", "hxxps[:]//ok[.]example\\@evil.example/"],
    ["https://wikipedia.org.evil.example/", "hxxps[:]//wikipedia[.]org[.]evil[.]example"],
    ["http://wikipedia.org/x", "hxxp[:]//wikipedia[.]org/x"],
    ["https://аpple.com/", "hxxps[:]//xn--pple-43d[.]com"],
    ["<https://evil.example/x>", "hxxps[:]//evil[.]example/x"],
    ["[click](https://evil.example/x)", "click (hxxps[:]//evil[.]example/x)"],
    ["![](https://evil.example/p.png?d=1)", "hxxps[:]//evil[.]example/p.png?d=1"],
    ["[a][r]\n[r]: https://evil.example/x", "[a][r]\n[r]: hxxps[:]//evil[.]example/x"],
    ["[a][r]\n[r]: //evil.com/x", "[a][r]\n[r]: //evil[.]com/x"],
    ["[two\nlines](https://evil.example/x)", "[two\nlines](hxxps[:]//evil[.]example/x)"],
    ["[x](//evil.com/x)", "[x](/evil[.]com/x)"],
    ["[x](javascript:alert(1))", "[x](javascript[:]alert%281%29)"],
    ["[x](evil.com/a)", "[x](evil[.]com/a)"],
    ["evil.com/secret-words", "evil[.]com/secret-words"],
    ["secret.words.evil.com", "secret[.]words[.]evil[.]com"],
    ["evil.ru?d=1", "evil[.]ru?d=1"],
    ["mailto:a@evil.com?body=x", "mailto[:]a@evil[.]com?body=x"],
    ["discord://x/y", "discord[:]//x/y"],
    ["|a|https://evil.example/x|", "|a|hxxps[:]//evil[.]example/x|"],
    ["ht<!-- -->tps://evil.example/x", "ht tps[:]//evil[.]example/x"],
    ["https:/<!-- x -->/evil.com/x", "https:/ /evil.com/x"],
    ["ht~~tps://evil.example/x", "ht~~tps[:]//evil[.]example/x"],
    ["ht\u0001tps://evil.example/x", "hxxps[:]//evil[.]example/x"],
    ["\\`https://evil.example/x\\`", "\\`hxxps[:]//evil[.]example/x\\`"],
    ["`open https://evil.example/x", "`open hxxps[:]//evil[.]example/x"],
    ["| `https://evil.example/x` |", "| `hxxps[:]//evil[.]example/x` |"],
    ["`https://evil.example/x` | b", "`hxxps[:]//evil[.]example/x` | b"],
    ["```https://evil.example/x\ncode\n```", "```https\ncode\n```"],
    [`\`\`\`${"x".repeat(300)}\nhttps://evil.example/x`, /hxxps\[:\]\/\/evil/],
    ["```\ncode\n```\nhttps://evil.example/x", "```\ncode\n```\nhxxps[:]//evil[.]example/x"],
    ["```\na ``` b\n```\nhttps://evil.example/x", /hxxps\[:\]\/\/evil\[\.\]example\/x$/],
    ["~~~\ncode\n~~~\nhttps://evil.example/x", "~~~\ncode\n~~~\nhxxps[:]//evil[.]example/x"],
    ["https://evil.example/`*_[x](y)", /^hxxps\[:\]\/\/evil/],
    [`https://evil.example/${"x".repeat(5_000)}`, /^hxxps.{290,310}…x*$/],
  ])("%s", (text, shown) => {
    expect(show(text)).toMatch(typeof shown === "string" ? exactly(shown) : shown);
    expect(show(text)).not.toMatch(/https?:\/\/evil|https?:\/\/ok\.example@/i);
  });
});

describe("a link whose words name another place says both", () => {
  test.each([
    [`[https://bank.example/login](${known})`, `hxxps[:]//bank[.]example/login (<${known}>)`],
    [`[www.bank.example.com](${known})`, `www[.]bank[.]example[.]com (<${known}>)`],
    ["[bank.com](https://evil.example/x)", "bank.com (hxxps[:]//evil[.]example/x)"],
  ])("%s", (text, shown) => expect(show(text)).toBe(shown));
});

test.each([
  "Hello there. How are you? 1.5 times 2.5, e.g. Node.js, README.md, U.S. law and Booking.com!",
  "`curl https://api.example/v1` and ``a ` b``",
  '```ts\nawait fetch("https://api.example/v1");\n```\nDone.',
  "> ```\n> https://api.example\n> ```",
  "<@123> in <#456> said <:wave:789> at <t:1700000000:R> with </help:12>",
  "- [ ] one\n- [x] two\n1. three [1] [a b] a[0][1]",
  "| a | b |\n|---|:-:|\n| 1 | `x.y` |",
  "**bold** *it* ~~no~~ ||spoiler|| $x = \\frac{1}{2}$ \\(a\\) <b>x</b> a < b > c",
  "C:/Users/ana and src/agent/outgoing.ts and and/or and 10.0.0.0/8 file:line:col",
  "user.name = x; call fs.link(a) at 10:30",
  "a@example.com",
  "!important ![ and [ and ` and < and \\ and <!",
])("%s stays as it is", (text) => expect(show(text)).toBe(text));

test("a secret is gone, in words, code, links and across marks", () => {
  const text = `${secret} \`${secret}\` https://ok.example/${secret} **Zx9-Quiet**_Harbour.42`;

  expect(show(text)).not.toMatch(/harbour/i);
  expect(show(text).split(REMOVED)).toHaveLength(5);
});

test("sources that come later make no link of what was said before", () => {
  const turn = outgoing.open(() => []);
  expect(turn.growing(`See ${known} .`)).toBe("See hxxps[:]//ok[.]example/a?b=c ");
  const first = turn.whole(`See ${known} .`);

  turn.addSources([known]);

  expect(first).toBe("See hxxps[:]//ok[.]example/a?b=c .");
  expect(turn.whole(`See ${known} .`)).toBe(`See <${known}> .`);
});

test("an answer that began anew is shown anew", () => {
  const turn = open();
  turn.growing("Half an answer, and ");

  expect(turn.growing("Another one. ")).toBe("Another one. ");
  expect(turn.whole("Another one. Yes.")).toBe("Another one. Yes.");
});

describe("an answer that grows", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ..."` `` ``` ~~~ \n \n\n [ ] ( ) ]( < > ! ![ | \\ > - 1. # <!-- --> ** https:// http evil.com/ . : / 。 见 @ # ?".split(
        " ",
      ),
      " ",
      known,
      "https://evil.example/x",
      "[a](https://evil.example/x)",
      `[a](${known})`,
      "```ts\ncode https://evil.example/x\n```\n",
      "`https://evil.example/x`",
      secret,
      secret.slice(0, 9),
      "words ",
    ),
    fc.string({ maxLength: 4 }),
  );
  const text = fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join(""));

  test("comes out as if it came at once, and nothing is ever taken back", () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(30), { maxLength: 30 }), (whole, sizes) => {
        const end = show(whole);
        const turn = open();
        let at = 0;
        for (const size of sizes) {
          at += size;
          expect(end.startsWith(turn.growing(whole.slice(0, at)))).toBe(true);
        }
        expect(turn.whole(whole)).toBe(end);
      }),
      { numRuns: 500 },
    );
  });

  test("is shown but for its last word", () => {
    expect(open().growing("Hello there, how are")).toBe("Hello there, how ");
    expect(open().growing("A [note] and `code` and")).toBe("A [note] and `code` ");
  });

  test("never has a live link to an unknown place outside of code", () => {
    fc.assert(
      fc.property(text, (whole) => {
        const bare = show(whole)
          .replace(
            /^(?:[ \t]*(?:>|[-*+]|\d+[.)])[ \t]+)*[ \t]*(`{3,}|~{3,})[^]*?(?:^[ \t>]*\1[`~]*[ \t]*$|$(?![^]))/gm,
            "",
          )
          .replace(/\\`/g, "")
          .replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, "");
        expect(bare).not.toMatch(/https?:\/\/evil\.example/);
      }),
      { numRuns: 500 },
    );
  });
});

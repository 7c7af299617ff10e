import { expect, test } from "vitest";
import { readXml } from "./read-xml.ts";
import { find, textAt } from "./xml-node.ts";

test("elements are read by their local names, with their text and what CDATA holds", () => {
  const root = readXml(
    '<?xml version="1.0"?><s:A xmlns:s="x"><b> é &amp; &#233; </b><c><![CDATA[<d>]]></c></s:A>',
  );

  expect(root.name).toBe("A");
  expect(textAt(root, "b")).toBe("é & é");
  expect(textAt(root, "c")).toBe("<d>");
});

test("an entity that leads to a file of this machine is not read, nor is any document type", () => {
  const xxe = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>';

  expect(() => readXml(xxe)).toThrow("a document type is not read");
  expect(() => readXml('<!DOCTYPE a SYSTEM "http://evil.example/a.dtd"><a/>')).toThrow(
    "a document type is not read",
  );
});

test("a billion laughs end with the first", () => {
  const levels = Array.from(
    { length: 9 },
    (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`,
  );
  const bomb = `<!DOCTYPE a [<!ENTITY l0 "lol">${levels.join("")}]><a>&l9;</a>`;

  expect(() => readXml(bomb)).toThrow("a document type is not read");
});

test("entities that XML does not have are no text", () => {
  expect(() => readXml("<a>&nbsp;</a>")).toThrow(/entity/i);
  expect(() => readXml("<a>&toString;</a>")).toThrow(/entity/i);
});

test("64 elements within each other are read, and more are refused without a full stack", () => {
  const nested = (depth: number) => "<a>".repeat(depth) + "</a>".repeat(depth);

  expect(readXml(nested(64)).name).toBe("a");
  expect(() => readXml(nested(65))).toThrow("deeper than 64");
  expect(() => readXml("<a>".repeat(1_000_000))).toThrow("deeper than 64");
});

test("more elements than any answer has are refused", () => {
  expect(() => readXml(`<a>${"<b/>".repeat(400_001)}</a>`)).toThrow("more than 400000 elements");
});

test.each(["", "no xml", "<a><b></a>", "<a>", "<a/><b/>", "{}", "<a b=c/>", "\u0000"])(
  "%j is not well-formed",
  (text) => {
    expect(() => readXml(text)).toThrow(expect.objectContaining({ name: "WrongXml" }));
  },
);

test("names that every object has are names like others", () => {
  const root = readXml("<constructor><__proto__>x</__proto__></constructor>");

  expect(find(root, "__proto__")?.text).toBe("x");
});

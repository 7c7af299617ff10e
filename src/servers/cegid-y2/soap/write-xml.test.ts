import fc from "fast-check";
import { expect, test } from "vitest";
import { readXml } from "./read-xml.ts";
import { fields, items, strings } from "./value.ts";
import { writeEnvelope } from "./write-xml.ts";
import { find, textAt } from "./xml-node.ts";

const written = (value: ReturnType<typeof fields>): string =>
  writeEnvelope("Ask", [["request", value]])
    .split("<request>")[1]
    ?.split("</request>")[0] ?? "";

test("fields stand in the order of their letters' codes, whatever order they were given in", () => {
  const xml = written(
    fields({ UserFields: "3", VATSystem: "4", Active: true, ValidEmail: "5", B: "2" }),
  );

  expect(xml).toBe(
    "<Active>true</Active><B>2</B><UserFields>3</UserFields><VATSystem>4</VATSystem><ValidEmail>5</ValidEmail>",
  );
});

test("fields of a base class come before those of the class that inherits it", () => {
  const xml = written(
    fields({ UsualStoreId: "1", LastName: "2" }, { Barcode: "3" }, { CustomerId: "4" }),
  );

  expect(xml).toBe(
    "<LastName>2</LastName><UsualStoreId>1</UsualStoreId><Barcode>3</Barcode><CustomerId>4</CustomerId>",
  );
});

test("what is not there is left out, and so is what holds nothing", () => {
  const empty = fields({ A: undefined, B: null });

  expect(written(fields({ Address: empty, Lines: items("Line", []), Label: "", Z: "z" }))).toBe(
    "<Label/><Z>z</Z>",
  );
});

test("texts of arrays have Microsoft's namespace, other arrays have their own names", () => {
  const xml = written(fields({ StoreIds: strings(["A", "B"]), Types: items("Type", ["x"]) }));

  expect(xml).toBe(
    '<StoreIds xmlns:a="http://schemas.microsoft.com/2003/10/Serialization/Arrays"><a:string>A</a:string><a:string>B</a:string></StoreIds><Types><Type>x</Type></Types>',
  );
});

test("any text that XML can hold comes back as it was, and never becomes an element", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 50 });

  fc.assert(
    fc.property(
      fc.oneof(text, fc.constantFrom("</Label><X>", "]]>", "&lt;", "<!--", "\u00a0")),
      (given) => {
        const root = readXml(writeEnvelope("Ask", [["request", fields({ Label: `x${given}x` })]]));
        const request = find(root, "Body", "Ask", "request");

        expect(request?.children).toHaveLength(1);
        expect(textAt(request, "Label")).toBe(`x${given}x`.replaceAll(/\r\n?/g, "\n"));
      },
    ),
  );
});

test.each(["\u0000", "\u001b", "\ud800", "\uffff"])(
  "%j cannot be sent, and that is said",
  (text) => {
    expect(() => writeEnvelope("Ask", [["request", text]])).toThrow("control character");
  },
);

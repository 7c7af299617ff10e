import fc from "fast-check";
import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { toJson, toText } from "./json.ts";

/** What the columns keep of a text. */
const kept = (text: string): string => text.toWellFormed().replaceAll("\0", "\ufffd");
const keptIn = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, each: unknown) =>
    typeof each === "string" ? kept(each) : each,
  );

/** Any UTF-16, also what is no text, with the troublesome ones often. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom("\0", "\\", "\\u0000", "\ud800", "\udfff", "\\ud800", '"', "😀", "\u2028"),
      fc.string({ unit: "binary" }),
      fc.nat(0xffff).map((unit) => String.fromCharCode(unit)),
    ),
  )
  .map((pieces) => pieces.join(""));

test("toJson() keeps everything but NUL and halves of characters", () => {
  fc.assert(
    fc.property(fc.array(anyText), (texts) => {
      expect(JSON.parse(toJson(texts))).toEqual(texts.map(kept));
    }),
  );
});

test("toJson() keeps numbers, nesting and everything that JSON has", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      // A key may be spoilt as well, which the comparison does not model.
      fc.pre(!JSON.stringify(value).includes("__proto__"));
      expect(JSON.stringify(JSON.parse(toJson([value])))).toBe(
        JSON.stringify(JSON.parse(JSON.stringify([value]).replaceAll("\\u0000", "\ufffd"))),
      );
    }),
  );
});

describeStore("JSON and texts", (open) => {
  const store = share(open);

  test("whatever people and models write can be stored, and comes back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyText, { maxLength: 5 }), async (texts) => {
        const [row] = await store().query("select $1::jsonb as json, $2::text as text", [
          toJson(texts),
          toText(texts.join("|")),
        ]);

        expect(row).toEqual({ json: keptIn(texts), text: kept(texts.join("|")) });
      }),
      { numRuns: 200 },
    );
  });
});

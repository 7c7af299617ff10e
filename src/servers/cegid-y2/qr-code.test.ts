import fc from "fast-check";
import { expect, test } from "vitest";
import { readQrCode } from "./qr-code.ts";

const field = (tag: number, text: string): string =>
  Buffer.concat([Buffer.from([tag, Buffer.byteLength(text)]), Buffer.from(text)]).toString("hex");

test("a field that is longer than the code is told with its place", () => {
  const read = readQrCode(`${field(1, "Clara")}02ff41`);

  expect(read).toMatchObject({ is_well_formed: false, is_complete: false });
  expect(read.problems).toEqual(["the field at byte 7 is longer than the code"]);
});

test("what is missing and what has the wrong form is named", () => {
  const read = readQrCode(
    field(1, "Clara") + field(3, "soon") + field(4, "much") + field(5, "1.00"),
  );

  expect(read.is_well_formed).toBe(true);
  expect(read.problems).toEqual([
    "seller tax number (tag 2) is missing",
    "time is no time",
    "total with tax is no amount",
  ]);
});

test("bytes that are no text are given as bytes", () => {
  expect(readQrCode("0702c328").fields).toEqual([
    { tag: 7, name: "signature", text: null, hex: "c328" },
  ]);
});

test("whatever bytes are given, they are taken apart or refused, and never called valid", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const read = readQrCode(Buffer.from(bytes).toString("hex"));

      expect(read.note).toContain("nothing about whether");
      expect(read.is_complete && !read.is_well_formed).toBe(false);
    }),
  );
});

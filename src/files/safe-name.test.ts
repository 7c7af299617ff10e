import { expect, test } from "vitest";
import { safeName } from "./safe-name.ts";

test.each([
  ["notes.md", "notes.md"],
  ["../../etc/passwd", "passwd"],
  ["..\\..\\boot.ini", "boot.ini"],
  ["C:\\temp\\a.txt", "a.txt"],
  ["a/", "a"],
  ["..", "file"],
  ["", "file"],
  [".bashrc", "bashrc"],
  ["con", "_con"],
  ["NUL.txt", "_NUL.txt"],
  ["invoice\u202Efdp.exe", "invoicefdp.exe"],
  ["a\u0000b\nc.txt", "abc.txt"],
  ["@everyone <b>.txt", "_everyone _b_.txt"],
  ["Gru\u0308ße.txt", "Grüße.txt"],
])("safeName(%j) is %j", (given, name) => {
  expect(safeName(given)).toBe(name);
});

test("a long name keeps its ending and its whole characters, and has 100 bytes at most", () => {
  const name = safeName(`${"😀".repeat(60)}.tar.gz`);

  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(100);
  expect(name).toMatch(/^(😀)+.*\.gz$/u);
});

import { expect, test } from "vitest";
import type { ToolFile } from "../core/tool.ts";
import { toOutput } from "./result.ts";

const deps = {
  serverName: "Files",
  hideSecrets: (text: string) => text.replaceAll("hunter2", "[secret]"),
};
const PNG = Buffer.from("\x89PNG\r\n\x1a\nrest", "latin1").toString("base64");
const text = (words: string) => ({ type: "text" as const, text: words });
const shortName = ({ name }: ToolFile) => name.replace(/-[0-9a-f]{8}/, "-*");

test("text is joined, cleaned, without secrets, and counts as the server's words", () => {
  const output = toOutput(deps, { content: [text("a\u001b[1m"), text("hunter2\u202e")] });

  expect(output).toEqual({ text: "a\n\n[secret]", taints: [{ source: "mcp", name: "Files" }] });
});

test("values are the answer where there is no text, and only there", () => {
  const structuredContent = { a: 1 };

  expect(toOutput(deps, { content: [], structuredContent }).text).toBe('{"a":1}');
  expect(toOutput(deps, { content: [text("one")], structuredContent }).text).toBe("one");
});

test("nothing at all is told as done, or as failed", () => {
  expect(toOutput(deps, { content: [] }).text).toBe("Done.");
  expect(toOutput(deps, { content: [], isError: true })).toMatchObject({
    text: "It failed, without a word.",
    isError: true,
  });
});

test("links in it may be opened from now on, others may not", () => {
  const output = toOutput(deps, {
    content: [text("see https://a.example/x?y=1, and ftp://b.example")],
  });

  expect(output.links).toEqual(["https://a.example/x?y=1"]);
});

test("a picture has the ending of what it is, and a name that is no other file's", () => {
  const image = { type: "image" as const, data: PNG, mimeType: "image/png" };

  const { files = [] } = toOutput(deps, { content: [image] });

  expect(files.map(shortName)).toEqual(["picture-*.png"]);
  expect(files[0]?.contentType).toBe("image/png");
});

test.each([
  ["x://notes.txt", "notes-*.txt"],
  ["x://run.exe", "run-*.exe.txt"],
  ["x://page.HTML", "page-*.HTML.txt"],
  ["x://../../etc/passwd", "passwd-*.bin"],
  ["x://.bashrc", "bashrc-*.bin"],
  ["x://", "file-*.bin"],
])("the file of %s is named %s", (uri, expected) => {
  const blob = Buffer.from("anything").toString("base64");

  const { files = [] } = toOutput(deps, {
    content: [{ type: "resource", resource: { uri, blob } }],
  });

  expect(files.map(shortName)).toEqual([expected]);
  expect(files[0]?.contentType).toBe("application/octet-stream");
});

test("a file that is larger than the bound is left out, and that is said", () => {
  const data = Buffer.alloc(9 * 1024 * 1024, 1).toString("base64");

  const output = toOutput(deps, {
    content: [{ type: "resource", resource: { uri: "x://big.bin", blob: data } }],
  });

  expect(output.files).toBeUndefined();
  expect(output.text).toContain("1 more could not be taken");
});

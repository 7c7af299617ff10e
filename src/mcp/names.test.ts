import { expect, test } from "vitest";
import { mcpServerId } from "../core/ids.ts";
import { offeredNameOf, skeletonOf } from "./names.ts";

const server = { id: mcpServerId("one"), name: "files" };
const free = () => false;

test("a plain name is the server's and the tool's, and nothing else", () => {
  expect(offeredNameOf(server, "read_file", free)).toBe("files__read_file");
});

test("a name that providers do not take is spelt anew, and ends with a mark that is always the same", () => {
  const name = offeredNameOf(server, "read file 🙂", free);

  expect(name).toMatch(/^files__read_file_{1,4}[0-9a-f]{6}$/);
  expect(offeredNameOf(server, "read file 🙂", free)).toBe(name);
});

test("two tools that would be spelt alike have two names", () => {
  expect(offeredNameOf(server, "a b", free)).not.toBe(offeredNameOf(server, "a.b", free));
});

test("a name is never longer than 64 characters, also where the server's fills half of it", () => {
  const long = { ...server, name: "s".repeat(32) };

  expect(offeredNameOf(long, "t".repeat(300), free)).toHaveLength(64);
});

test("a name that is taken gets a mark", () => {
  const name = offeredNameOf(server, "read", (offered) => offered === "files__read");

  expect(name).toMatch(/^files__read_[0-9a-f]{6}$/);
});

test.each([
  ["read_file", "reаd_file"],
  ["list", "1ist"],
  ["send-mail", "sendMail"],
  ["modern", "modem"],
  ["ｒｅａｄ", "read"],
])("%s looks like %s", (one, other) => {
  expect(skeletonOf(one)).toBe(skeletonOf(other));
});

test("names that differ at a glance do not look alike", () => {
  expect(skeletonOf("read_file")).not.toBe(skeletonOf("write_file"));
});

import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

/** In a process of its own: the cache of a process is set once. */
const inNode = (code: string, ...flags: string[]): string =>
  execFileSync(process.execPath, [...flags, "--input-type=module", "--eval", code], {
    encoding: "utf8",
    cwd: import.meta.dirname,
    timeout: 20_000,
  }).trim();

const SHOW = `
  import { getCompileCacheDir } from "node:module";
  import { keepCompiledCode } from "./compile-cache.ts";
  keepCompiledCode();
  console.log(getCompileCacheDir() ?? "none");`;

test("keepCompiledCode() keeps it in the program's own folder, and not in everybody's", () => {
  expect(inNode(SHOW)).toMatch(/node_modules[/\\]\.cache[/\\]clara/);
});

test("keepCompiledCode() is no reason to fail where nothing may be written", () => {
  expect(inNode(SHOW, "--permission", "--allow-fs-read=*")).toBe("none");
});

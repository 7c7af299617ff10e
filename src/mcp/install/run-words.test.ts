import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runWords } from "./run-words.ts";

const node = (code: string) => [process.execPath, "-e", code];
const options = {
  cwd: tmpdir(),
  env: { PATH: "/usr/bin:/bin" },
  maxMs: 20_000,
  signal: new AbortController().signal,
};

/** A process that would go on for ever, and has another below it that does, too. */
const FOREVER = `
  const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1e3)"]);
  console.log(child.pid);
  setInterval(() => {}, 1000);`;

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("a program is given what is named, and nothing of ours", async () => {
  const said = await runWords(node("console.log(Object.keys(process.env).join())"), options);

  expect(said.trim()).toBe("PATH");
});

test("what grows beyond its limit is ended with everything that it started", async () => {
  const folder = await mkdtemp(join(tmpdir(), "clara-test-grows-"));
  const code = `
    require("node:fs").writeFileSync("pid", String(require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1e3)"]).pid));
    setInterval(() => require("node:fs").appendFileSync("big", Buffer.alloc(1e6)), 20);`;

  const running = runWords(node(code), {
    ...options,
    cwd: folder,
    limit: { folder, bytes: 3_000_000 },
  });

  await expect(running).rejects.toThrow("it fetches more than 3 MB");
  const { readFile } = await import("node:fs/promises");
  const below = Number(await readFile(join(folder, "pid"), "utf8"));
  await expect.poll(() => isThere(below)).toBe(false);
  await rm(folder, { recursive: true });
});

test("what takes too long, fails or is not there is told in words; who stops it gets his own reason", async () => {
  const stopping = new AbortController();
  const stopped = runWords(node(FOREVER), { ...options, signal: stopping.signal });
  stopping.abort(new Error("stopped by me"));

  await expect(stopped).rejects.toThrow("stopped by me");
  await expect(runWords(node(FOREVER), { ...options, maxMs: 300 })).rejects.toThrow(
    "it took longer than",
  );
  await expect(
    runWords(node('console.error("no\\u001b[31m way"); process.exitCode = 3'), options),
  ).rejects.toThrow(/it ended with 3\. It said: no\[31m way/);
  await expect(runWords(["no-such-program-here"], options)).rejects.toThrow(
    "is it on this machine?",
  );
});

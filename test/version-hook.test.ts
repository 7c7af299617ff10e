import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((each) => rmSync(each, { recursive: true })));

/** A repository with the hook and the script, and a clock that shows this ISO year and week. */
function openRepository({ year, week, version }: { year: string; week: string; version: string }) {
  const folder = mkdtempSync(join(tmpdir(), "clara-version-"));
  folders.push(folder);
  const bin = join(folder, ".bin");
  mkdirSync(bin);
  const date = join(bin, "date");
  const clock = (isoYear: string, isoWeek: string) => {
    writeFileSync(date, `#!/bin/sh\n[ "$1" = +%G ] && echo ${isoYear} || echo ${isoWeek}\n`);
    chmodSync(date, 0o755);
  };
  clock(year, week);
  const env: Record<string, string> = {
    PATH: `${bin}:${process.env["PATH"] ?? ""}`,
    HOME: folder,
    GIT_AUTHOR_NAME: "Ana",
    GIT_AUTHOR_EMAIL: "ana@example.org",
    GIT_COMMITTER_NAME: "Ana",
    GIT_COMMITTER_EMAIL: "ana@example.org",
  };
  const run = (more: Record<string, string>, ...words: string[]) =>
    execFileSync("git", words, {
      cwd: folder,
      env: { ...env, ...more },
      encoding: "utf8",
      stdio: "pipe",
    });
  const git = (...words: string[]) => run({}, ...words);
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  cpSync(join(root, ".githooks"), join(folder, ".githooks"), { recursive: true });
  cpSync(join(root, "scripts/next-version.sh"), join(folder, "scripts/next-version.sh"));
  write(".gitignore", ".bin\n");
  write("VERSION", `${version}\n`);
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("commit", "-qm", "Everything so far");
  git("config", "core.hooksPath", ".githooks");
  const commit = (name: string, message = `Change ${name}`) => {
    write(name, message);
    git("add", name);
    git("commit", "-qm", message);
  };
  return {
    folder,
    git,
    run,
    write,
    commit,
    clock,
    version: (at = "HEAD") => git("show", `${at}:VERSION`).trim(),
    commits: () => Number(git("rev-list", "--count", "HEAD")),
  };
}

const next = (year: string, week: string, version: string): string => {
  const { folder, run } = openRepository({ year, week, version: "2020.1.1" });
  const alias = `alias.next=!sh "${folder}/scripts/next-version.sh"`;
  return run({}, "-c", alias, "next", version).trim();
};

test("the version is the ISO year, the ISO week and a count within the week", () => {
  expect(next("2026", "48", "2026.48.7")).toBe("2026.48.8");
  expect(next("2026", "49", "2026.48.7")).toBe("2026.49.1");
  expect(next("2027", "05", "2027.4.2")).toBe("2027.5.1");
});

test("the version goes forward over the turn of a year", () => {
  // 1 January 2027 lies in week 53 of 2026.
  expect(next("2026", "53", "2026.52.3")).toBe("2026.53.1");
  expect(next("2027", "01", "2026.53.1")).toBe("2027.1.1");
});

test("the version never goes backwards when the clock does", () => {
  expect(next("2026", "47", "2026.48.7")).toBe("2026.48.8");
  expect(next("2025", "52", "2026.2.1")).toBe("2026.2.2");
});

test("what is no such version is followed by the first of this week", () => {
  expect(next("2026", "48", "0.1.0")).toBe("2026.48.1");
  expect(next("2026", "48", "2026.48.x")).toBe("2026.48.1");
  expect(next("2026", "48", "")).toBe("2026.48.1");
});

test("a commit carries its own version, and is still one commit", () => {
  const { commit, version, commits } = openRepository({
    year: "2026",
    week: "48",
    version: "0.1.0",
  });

  commit("a");
  commit("b");

  expect([version("HEAD~1"), version()]).toEqual(["2026.48.1", "2026.48.2"]);
  expect(commits()).toBe(3);
});

test("a commit that is amended keeps its version", () => {
  const { commit, git, version, commits } = openRepository({
    year: "2026",
    week: "48",
    version: "0.1.0",
  });
  commit("a");

  git("commit", "-q", "--amend", "-m", "Better words");

  expect(version()).toBe("2026.48.1");
  expect(commits()).toBe(2);
});

test("a message with [skip-version] and SKIP_VERSION_BUMP leave the version alone", () => {
  const { commit, git, run, write, version } = openRepository({
    year: "2026",
    week: "48",
    version: "2026.48.1",
  });

  commit("a", "Words only [skip-version]");
  write("b", "b");
  git("add", "b");
  run({ SKIP_VERSION_BUMP: "1" }, "commit", "-qm", "Change b");

  expect(version()).toBe("2026.48.1");
});

test("what is staged for later stays out of the commit", () => {
  const { git, write, commit, version } = openRepository({
    year: "2026",
    week: "48",
    version: "0.1.0",
  });
  commit("a");
  write("a", "new");
  write("later", "later");
  git("add", "later");

  git("commit", "-qm", "Change a again", "--only", "a");

  expect(version()).toBe("2026.48.2");
  expect(git("show", "--name-only", "--format=", "HEAD").trim().split("\n")).toEqual([
    "VERSION",
    "a",
  ]);
  expect(git("status", "--porcelain").trim()).toBe("A  later");
});

test("a merge and a rebase make no versions of their own", () => {
  const { git, commit, version, commits } = openRepository({
    year: "2026",
    week: "48",
    version: "0.1.0",
  });
  commit("a", "On main [skip-version]");
  git("switch", "-qc", "side", "HEAD~1");
  commit("b");
  commit("c");
  const before = version();

  git("rebase", "-q", "main");
  git("switch", "-q", "main");
  git("merge", "-q", "--no-ff", "-m", "Both", "side");

  expect(version()).toBe(before);
  expect(commits()).toBe(5);
});

test("a work tree beside the first one has its versions, too", () => {
  const { folder, git, run, version } = openRepository({
    year: "2026",
    week: "48",
    version: "0.1.0",
  });
  const beside = `${folder}/.bin/beside`;
  git("worktree", "add", "-q", "-b", "beside", beside);

  writeFileSync(join(beside, "a"), "a");
  run({}, "-C", beside, "add", "a");
  run({}, "-C", beside, "commit", "-qm", "Change a");

  expect(version("beside")).toBe("2026.48.1");
  expect(readFileSync(join(beside, "VERSION"), "utf8")).toBe("2026.48.1\n");
  expect(version("main")).toBe("0.1.0");
});

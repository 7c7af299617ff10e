import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openSources } from "../../../test/emulators/mcp-sources/index.ts";
import { share } from "../../../test/open-test-store.ts";
import { mcpServerId } from "../../core/ids.ts";
import type { McpServer } from "../../core/mcp.ts";
import { systemClock } from "../../core/clock.ts";
import { findPackage } from "./look-npm.ts";
import { createDocker } from "./docker.ts";
import { createPrograms } from "./programs.ts";

const sources = share(openSources);
const signal = new AbortController().signal;
const run = promisify(execFile);
const PATH = process.env["PATH"] ?? "";

/** Programs below a folder that is gone afterwards, from the registry of the test and repositories below it. */
async function openPrograms() {
  const dataDir = await mkdtemp(join(tmpdir(), "clara-test-programs-"));
  const programs = createPrograms({
    registry: sources().upstreams.npm,
    path: PATH,
    networkEnv: {},
    gitBase: `file://${dataDir}/repositories`,
    gitSettings: ["-c", "protocol.file.allow=always"],
    docker: createDocker({
      path: "",
      dockerHost: null,
      dataDir,
      monotonicMs: () => 0,
      createId: randomUUID,
    }),
    folder: join(dataDir, "mcp"),
    program: ["node", "/clara/main.ts"],
    nodeImage: "node:24-slim",
    createId: randomUUID,
    now: systemClock.now,
  });
  return {
    ...programs,
    dataDir,
    close: () => programs[Symbol.asyncDispose](),
    async [Symbol.asyncDispose]() {
      await programs[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true });
    },
  };
}

type Wanted = Pick<McpServer, "id" | "source" | "launch">;

const serverOf = (source: McpServer["source"], file: string): Wanted => ({
  id: mcpServerId(randomUUID()),
  source,
  launch: {
    kind: "stdio",
    command: "node",
    args: [file, "--flag"],
    cwd: null,
    env: {},
    secretEnv: [],
    isolation: "process",
  },
});

/** A package as it is agreed to: what `look` pins. */
async function pinned(name: string, change: { readonly integrity?: string } = {}): Promise<Wanted> {
  const { fetch, upstreams } = sources();
  const now = () => new Date("2026-11-25T12:00:00Z");
  const found = await findPackage(
    { fetch, upstreams, now },
    { package: name, version: null },
    signal,
  );
  assert(found.kind === "found");
  const { version, integrity, before } = found;
  return serverOf(
    { kind: "npm", package: name, version, integrity, before, ...change },
    `node_modules/${name}/index.js`,
  );
}

const manifest = (name: string, more: object = {}) => ({
  name,
  version: "1.0.0",
  bin: { [name]: "index.js" },
  ...more,
});

/** Says what it finds beside itself, and what it needs. */
const PROGRAM = 'console.log(require("helper-of-it").version, process.argv.slice(2).join())';

test("a package is installed by npm itself, with what was there by then, and no script of any package runs", async () => {
  await using programs = await openPrograms();
  const marker = join(programs.dataDir, "ran");
  const scripts = Object.fromEntries(
    ["preinstall", "install", "postinstall", "prepare"].map((name) => [name, `touch ${marker}`]),
  );
  const helper = (version: string) => ({
    manifest: { name: "helper-of-it", version, scripts },
    files: { "index.js": `exports.version = "${version}"` },
  });
  await sources().npm.publish(helper("1.0.0"));
  await sources().npm.publish({ ...helper("1.0.1"), publishedAt: "2026-11-24T00:00:00.000Z" });
  await sources().npm.publish({
    manifest: manifest("scripted-mcp", {
      scripts,
      bin: { "scripted-mcp": "index.js", node: "index.js", sh: "index.js" },
      dependencies: { "helper-of-it": "^1.0.0" },
    }),
    files: { "index.js": PROGRAM },
  });
  const server = await pinned("scripted-mcp");

  const { command, args, cwd } = await programs.ensure(server, signal);

  const { stdout } = await run(command, args, { cwd });
  expect(stdout).toBe("1.0.0 --flag\n");
  expect(command).toBe(process.execPath);
  expect(cwd).toBe(join(programs.dataDir, "mcp", "homes", server.id));
  expect(existsSync(marker)).toBe(false);
  const [folder = ""] = await readdir(join(programs.dataDir, "mcp", "programs", server.id));
  const inside = await readdir(join(programs.dataDir, "mcp", "programs", server.id, folder));
  expect(inside.toSorted()).toEqual(["node_modules", "package-lock.json", "package.json"]);
  expect(
    existsSync(
      join(programs.dataDir, "mcp", "programs", server.id, folder, "node_modules", ".bin"),
    ),
  ).toBe(false);
});

test("several who want it at once, and those who come later, get the same without fetching it again", async () => {
  await using programs = await openPrograms();
  await sources().npm.publish({ manifest: manifest("shared-mcp"), files: { "index.js": "" } });
  const server = await pinned("shared-mcp");
  const fetched = () => sources().npm.fetched.filter((path) => path.includes("shared-mcp")).length;

  const all = await Promise.all([1, 2, 3].map(() => programs.ensure(server, signal)));
  const later = await programs.ensure(server, signal);

  expect(new Set([...all, later].map(({ args }) => args[0])).size).toBe(1);
  expect(fetched()).toBe(1);
});

test("a package that is not what was agreed to is not unpacked", async () => {
  await using programs = await openPrograms();
  await sources().npm.publish({ manifest: manifest("changed-mcp"), files: { "index.js": "" } });
  const server = await pinned("changed-mcp", { integrity: `sha512-${"A".repeat(86)}==` });

  await expect(programs.ensure(server, signal)).rejects.toThrow("its integrity is another");

  expect(sources().npm.fetched.filter((path) => path.includes("changed-mcp"))).toEqual([]);
  expect(await readdir(join(programs.dataDir, "mcp", "programs", server.id))).toEqual([]);
});

test("a package that needs something from elsewhere than the registry is refused before it is fetched", async () => {
  await using programs = await openPrograms();
  const away = "https://evil.example.com/away-1.0.0.tgz";
  await sources().npm.publish({ manifest: { name: "away", version: "1.0.0" } });
  const packument = sources().npm.packages.get("away");
  assert(packument);
  const version = packument.versions["1.0.0"] as { dist: object };
  packument.versions["1.0.0"] = { ...version, dist: { ...version.dist, tarball: away } };
  await sources().npm.publish({
    manifest: manifest("needy-mcp", { dependencies: { away: "1.0.0" } }),
    files: { "index.js": "" },
  });
  const server = await pinned("needy-mcp");

  await expect(programs.ensure(server, signal)).rejects.toThrow(
    "`node_modules/away` does not come from the registry",
  );
});

test("a package that wants another Node.js, or that is gone, is refused in words", async () => {
  await using programs = await openPrograms();
  await sources().npm.publish({
    manifest: { name: "newer", version: "1.0.0", engines: { node: ">=99" } },
  });
  await sources().npm.publish({
    manifest: manifest("engine-mcp", { dependencies: { newer: "1.0.0" } }),
    files: { "index.js": "" },
  });
  await sources().npm.publish({ manifest: manifest("vanished-mcp"), files: { "index.js": "" } });
  const [engine, vanished] = [await pinned("engine-mcp"), await pinned("vanished-mcp")];
  sources().npm.packages.delete("vanished-mcp");

  await expect(programs.ensure(engine, signal)).rejects.toThrow(/EBADENGINE/);
  await expect(programs.ensure(vanished, signal)).rejects.toThrow(/E404/);
});

test("what was left of an earlier time is cleared away, and who gives up leaves nothing half", async () => {
  await using programs = await openPrograms();
  await sources().npm.publish({ manifest: manifest("halved-mcp"), files: { "index.js": "" } });
  const server = await pinned("halved-mcp");
  const folder = join(programs.dataDir, "mcp", "programs", server.id);
  await mkdir(join(folder, ".new-dead", "node_modules"), { recursive: true });
  await utimes(join(folder, ".new-dead"), 0, 0);
  await mkdir(join(folder, "0123456789abcdef"));
  const giving = new AbortController();

  const first = programs.ensure(server, giving.signal);
  giving.abort(new Error("enough"));
  await expect(first).rejects.toThrow("enough");
  await programs.ensure(server, signal);

  expect((await readdir(folder)).filter((name) => name !== "0123456789abcdef")).toHaveLength(1);
  expect(existsSync(join(folder, "0123456789abcdef"))).toBe(false);
  await programs.remove(server.id);
  expect(existsSync(folder)).toBe(false);
});

test("closing the house ends what npm is at, and leaves nothing of it", async () => {
  await using programs = await openPrograms();
  await sources().npm.publish({ manifest: manifest("closing-mcp"), files: { "index.js": "" } });
  const server = await pinned("closing-mcp");

  const fetching = programs.ensure(server, signal);
  const ended = fetching.catch((error: unknown) => String(error));
  await expect
    .poll(() => readdir(join(programs.dataDir, "mcp", "programs", server.id)).catch(() => []))
    .toHaveLength(1);
  await programs.close();

  expect(await ended).toContain("The house is closed");
  expect(await readdir(join(programs.dataDir, "mcp", "programs", server.id))).toEqual([]);
});

/** A repository with one commit, and its id. */
async function commitOf(
  dataDir: string,
  name: string,
  files: Readonly<Record<string, string>>,
  link?: string,
) {
  const folder = join(dataDir, "repositories", `${name}.git`);
  await mkdir(folder, { recursive: true });
  const git = (...words: readonly string[]) =>
    run("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], { cwd: folder });
  await git("init", "--quiet");
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  if (link !== undefined) await run("ln", ["-s", link, join(folder, "linked")]);
  await git("add", "--all", "--force");
  await git("commit", "--quiet", "--message=x");
  return (await git("rev-parse", "HEAD")).stdout.trim();
}

test("a repository is fetched at its commit, with what its lock file names, and its settings for npm and git run nothing", async () => {
  await using programs = await openPrograms();
  const marker = join(programs.dataDir, "ran");
  const { npm, upstreams } = sources();
  await npm.publish({
    manifest: { name: "locked", version: "1.0.0" },
    files: { "index.js": "exports.version = 7" },
  });
  const packument = npm.packages.get("locked");
  assert(packument);
  const { dist: locked } = packument.versions["1.0.0"] as {
    dist: { integrity: string; tarball: string };
  };
  const packages = {
    "": { dependencies: { locked: "1.0.0" } },
    "node_modules/locked": {
      version: "1.0.0",
      resolved: new URL(upstreams.npm).origin + locked.tarball,
      integrity: locked.integrity,
    },
  };
  const commit = await commitOf(
    programs.dataDir,
    "maker/tools",
    {
      "server/package.json": JSON.stringify({
        name: "tools",
        version: "1.0.0",
        dependencies: { locked: "1.0.0" },
        scripts: { postinstall: `touch ${marker}`, prepare: `touch ${marker}` },
      }),
      "server/package-lock.json": JSON.stringify({
        name: "tools",
        version: "1.0.0",
        lockfileVersion: 3,
        packages,
      }),
      "server/main.js": 'console.log(require("locked").version)',
      "server/.npmrc": `ignore-scripts=false\nscript-shell=/bin/sh\ngit=/bin/false\nregistry=https://evil.example.com`,
      ".gitattributes": "* filter=evil",
    },
    "/etc/passwd",
  );
  const source = {
    kind: "github",
    repository: "maker/tools",
    commit,
    subfolder: "server",
  } as const;
  const server = serverOf(source, "main.js");

  const { command, args } = await programs.ensure(server, signal);

  expect((await run(command, args)).stdout).toBe("7\n");
  expect(existsSync(marker)).toBe(false);
  const [folder = ""] = await readdir(join(programs.dataDir, "mcp", "programs", server.id));
  const top = join(programs.dataDir, "mcp", "programs", server.id, folder);
  expect(existsSync(join(top, ".git"))).toBe(false);
  // What was a link is a file with its words.
  expect(await readFile(join(top, "linked"), "utf8")).toBe("/etc/passwd");
});

test("a repository that names a program of git in place of an address is refused, and so is another commit", async () => {
  await using programs = await openPrograms();
  const modules = `[submodule "x"]\n\tpath = x\n\turl = --upload-pack=touch ran`;
  const commit = await commitOf(programs.dataDir, "maker/evil", { ".gitmodules": modules });
  const source = { kind: "github", repository: "maker/evil", commit, subfolder: null } as const;
  const other = { ...source, commit: "a".repeat(40) };

  await expect(programs.ensure(serverOf(source, "x.js"), signal)).rejects.toThrow("fsck error");
  await expect(programs.ensure(serverOf(other, "x.js"), signal)).rejects.toThrow(
    "did not do its part",
  );
});

test("a program that lies outside of its folder is not started", async () => {
  await using programs = await openPrograms();
  await sources().npm.publish({ manifest: manifest("inside-mcp"), files: { "index.js": "" } });
  const server = await pinned("inside-mcp");
  assert(server.launch.kind === "stdio");
  const outside = {
    ...server,
    launch: { ...server.launch, args: ["../../../../../../../../etc/passwd"] },
  };

  await expect(programs.ensure(outside, signal)).rejects.toThrow("not where it should be");
  await expect(programs.ensure({ ...server, id: mcpServerId("../x") }, signal)).rejects.toThrow(
    "no server of mine",
  );
});

test("a first-party server is this program as it is started now", async () => {
  await using programs = await openPrograms();
  const server = serverOf({ kind: "first-party", name: "kledo" }, "/old/main.ts");
  assert(server.launch.kind === "stdio");
  const launch = { ...server.launch, args: ["/old/main.ts", "serve", "kledo", "--demo"] };

  const program = await programs.ensure({ ...server, launch }, signal);

  expect(program).toMatchObject({
    command: "node",
    args: ["/clara/main.ts", "serve", "kledo", "--demo"],
  });
});

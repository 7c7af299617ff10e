import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { describeDocker, testEngine } from "../../../test/open-sandbox.ts";
import { openImageRegistry } from "../../../test/emulators/image-registry.ts";
import { openSources } from "../../../test/emulators/mcp-sources/index.ts";
import { share } from "../../../test/open-test-store.ts";
import { systemClock } from "../../core/clock.ts";
import { mcpServerId } from "../../core/ids.ts";
import type { McpProgram } from "../../core/mcp-install.ts";
import type { McpServer } from "../../core/mcp.ts";
import { createDocker } from "./docker.ts";
import { findPackage } from "./look-npm.ts";
import { createPrograms } from "./programs.ts";

const run = promisify(execFile);
const signal = new AbortController().signal;
const PATH = process.env["PATH"] ?? "";

/** Says what it can do, and what it sees; then waits for the end of its input. */
const SPY = `
const fs = require("node:fs");
const attempt = (act) => { try { return String(act()); } catch (error) { return error.code; } };
console.log(JSON.stringify({
  key: process.env.SPY_KEY,
  args: process.argv.slice(2),
  cwd: process.cwd(),
  root: attempt(() => fs.writeFileSync("/owned", "x")),
  own: attempt(() => fs.writeFileSync("kept", "x")),
  program: attempt(() => fs.writeFileSync(__dirname + "/owned", "x")),
  host: fs.existsSync("/etc/hostname-of-the-host") || fs.existsSync("/var/run/docker.sock"),
  effective: fs.readFileSync("/proc/self/status", "utf8").match(/CapEff:\\s*(\\w+)/)[1],
}));
process.stdin.on("data", () => {}).on("end", () => process.exit(0));
`;

/** Of a process that was there and has ended. */
async function pidOfTheDead(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await new Promise((resolve) => child.once("exit", resolve));
  return child.pid ?? 0;
}

describeDocker("programs in a container", () => {
  const registry = share(() => openImageRegistry({ "spy.js": SPY }));
  // What was pulled would stay in the engine for ever.
  share(async () => ({ [Symbol.asyncDispose]: removeImages }));
  const sources = share(openSources);

  async function removeImages(): Promise<void> {
    const docker = (...words: readonly string[]) =>
      run("docker", [`--host=${testEngine().host}`, ...words]);
    const { stdout } = await docker("images", "--format={{.Repository}} {{.ID}}");
    const prefix = registry().image("");
    const ids = stdout
      .split("\n")
      .flatMap((line) => (line.startsWith(prefix) ? [line.split(" ")[1] ?? ""] : []));
    if (ids.length > 0) await docker("image", "rm", "--force", ...new Set(ids));
  }

  async function open() {
    const dataDir = await mkdtemp(join(tmpdir(), "clara-test-programs-"));
    await chmod(dataDir, 0o755);
    const image = registry().image("node");
    registry().push("24", {});
    const docker = createDocker({
      path: PATH,
      dockerHost: testEngine().host,
      dataDir,
      monotonicMs: systemClock.elapsedMs,
      createId: randomUUID,
    });
    const programs = createPrograms({
      registry: sources().upstreams.npm,
      path: PATH,
      networkEnv: {},
      gitBase: "",
      gitSettings: [],
      docker,
      folder: join(dataDir, "mcp"),
      program: [],
      nodeImage: `${image}:24`,
      createId: randomUUID,
      now: systemClock.now,
    });
    return {
      ...programs,
      dataDir,
      docker,
      async [Symbol.asyncDispose]() {
        await programs[Symbol.asyncDispose]();
        await rm(dataDir, { recursive: true });
      },
    };
  }

  const server = (source: McpServer["source"], args: readonly string[]) => ({
    id: mcpServerId(randomUUID()),
    source,
    launch: {
      kind: "stdio",
      command: "node",
      args,
      cwd: null,
      env: {},
      secretEnv: ["SPY_KEY"],
      isolation: "container",
    } as const,
  });

  /** Starts it as the supervisor does; what it said first, and its end. */
  function start({ command, args, cwd }: McpProgram) {
    const child = spawn(command, args, { cwd, env: { PATH, SPY_KEY: "s3cret" } });
    onTestFinished(() => void child.stdin.end());
    const said = new Promise<string>((resolve) =>
      child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString())),
    );
    const errors = text(child.stderr);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    return { child, ended, said: Promise.race([said, errors]) };
  }

  const inspect = async (id: string) => {
    const { stdout } = await run("docker", [
      `--host=${testEngine().host}`,
      "ps",
      "--all",
      "--quiet",
      `--filter=name=clara-mcp-${id}`,
    ]);
    return stdout.trim();
  };

  test("an image is pulled by its digest, and has no rights, no files and nothing of ours but what is named", async () => {
    await using programs = await open();
    const digest = registry().push("1", {
      Entrypoint: ["node", "/spy.js"],
      Volumes: { "/data": {} },
    });
    const wanted = server({ kind: "docker", image: registry().image("spy"), digest }, ["--flag"]);

    const program = await programs.ensure(wanted, signal);
    const { child, ended, said } = start(program);

    expect(program.args.join(" ")).not.toContain("s3cret");
    expect(program.args).toContain(`${registry().image("spy")}@${digest}`);
    expect(JSON.parse(await said)).toMatchObject({
      key: "s3cret",
      args: ["--flag"],
      root: "EROFS",
      own: "EROFS",
      host: false,
      effective: "0000000000000000",
    });
    child.stdin.end();
    expect(await ended).toBe(0);
    await expect.poll(() => inspect(wanted.id)).toBe("");
  });

  test("a package runs in a container that can write to its own folder and to nothing else, and goes with its server", async () => {
    await using programs = await open();
    await sources().npm.publish({
      manifest: { name: "spy-mcp", version: "1.0.0", bin: "index.js" },
      files: { "index.js": SPY },
    });
    const { fetch, upstreams } = sources();
    const found = await findPackage(
      { fetch, upstreams, now: systemClock.now },
      { package: "spy-mcp", version: null },
      signal,
    );
    assert(found.kind === "found");
    const { version, integrity, before } = found;
    const wanted = server({ kind: "npm", package: "spy-mcp", version, integrity, before }, [
      "node_modules/spy-mcp/index.js",
      "--flag",
    ]);

    const { ended, said } = start(await programs.ensure(wanted, signal));

    expect(JSON.parse(await said)).toMatchObject({
      key: "s3cret",
      args: ["--flag"],
      cwd: "/work",
      root: "EROFS",
      own: "undefined",
      program: "EROFS",
      effective: "0000000000000000",
    });
    expect(await readdir(join(programs.dataDir, "mcp", "homes", wanted.id))).toEqual(["kept"]);
    await programs.remove(wanted.id);
    await ended;
    expect(await inspect(wanted.id)).toBe("");
    expect(await readdir(join(programs.dataDir, "mcp", "homes"))).toEqual([]);
  });

  test("what a process that is gone left running is ended at the next start, and nothing of those that live", async () => {
    await using programs = await open();
    const digest = registry().push("2", {
      Entrypoint: ["node", "-e", "setInterval(() => {}, 1e3)"],
    });
    const image = registry().image("spy");
    await programs.docker.ensureImage(image, digest, signal);
    const left = (pid: number, id: string) =>
      run("docker", [
        `--host=${testEngine().host}`,
        "run",
        "--detach",
        "--rm",
        `--name=clara-mcp-${id}`,
        `--label=clara.run=${hostname()}:${pid}`,
        `--label=clara.mcp=${id}`,
        `${image}@${digest}`,
      ]);
    const [dead, alive] = [randomUUID(), randomUUID()];
    await left(await pidOfTheDead(), dead);
    await left(process.ppid, alive);

    await programs.ensure(server({ kind: "docker", image, digest }, []), signal);

    expect(await inspect(dead)).toBe("");
    expect(await inspect(alive)).not.toBe("");
    await programs.remove(mcpServerId(alive));
    expect(await inspect(alive)).toBe("");
  });

  test("an image that wants a volume over what keeps it in is refused, and so is another than was agreed to", async () => {
    await using programs = await open();
    const image = registry().image("spy");
    const digest = registry().push("bad", { Volumes: { "/": {} } });
    const other = `sha256:${"0".repeat(64)}`;

    await expect(
      programs.ensure(server({ kind: "docker", image, digest }, []), signal),
    ).rejects.toThrow("volume over `/`");
    await expect(
      programs.ensure(server({ kind: "docker", image, digest: other }, []), signal),
    ).rejects.toThrow("did not do its part");
  });
});

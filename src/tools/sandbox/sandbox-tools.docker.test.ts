import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  ALIVE,
  describeDocker,
  run,
  shell,
  SMALL,
  testEngine,
} from "../../../test/open-sandbox.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { newChannel, newDm, newName } from "../../../test/talk.ts";
import { systemClock } from "../../core/clock.ts";
import { silentLog } from "../../core/log.ts";
import type { Scope } from "../../core/principal.ts";
import { sandboxOwnerOf } from "../../core/sandbox-owner.ts";
import type { Taint } from "../../core/taint.ts";
import type { ToolContext, ToolOutput } from "../../core/tool.ts";
import { createDiskBlobs, createFileStore } from "../../files/index.ts";
import { createLocalSandboxes } from "../../sandbox/index.ts";
import { toolContext } from "../../../test/web-net.ts";
import { sandboxTools } from "./all.ts";

const MIB = 1_024 * 1_024;
const store = share(openEmbeddedStore);

/** A person alone with her, and what she may do for him. */
async function openPerson() {
  const dir = await mkdtemp(join(tmpdir(), "clara-tools-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const files = createFileStore(
    {
      index: store().files,
      blobs: createDiskBlobs(join(dir, "files")),
      createId: randomUUID,
      log: silentLog,
    },
    { maxFileBytes: 8 * MIB, quotaBytes: 32 * MIB },
  );
  const workspaces = createLocalSandboxes(
    { clock: systemClock, createId: randomUUID, log: silentLog, findHost: null },
    {
      docker: { ...testEngine(), house: randomUUID(), maxSandboxes: 4 },
      limits: SMALL,
      warm: 0,
      idleMs: 60_000,
      dir,
    },
  );
  onTestFinished(workspaces.close);
  const name = newName("ana");
  const scope = newDm(name).scope(name);
  const tools = sandboxTools({
    workspaces,
    files,
    packages: { indexUrl: "https://pypi.org/simple", hosts: ["pypi.org"] },
  });
  const use = (
    wanted: string,
    input: object,
    context: Partial<ToolContext> = {},
  ): Promise<ToolOutput> => {
    const tool = tools.find((each) => each.name === wanted);
    assert(tool, `no tool ${wanted}`);
    return tool.run(tool.input.parse(input), { ...toolContext, scope, ...context });
  };
  return { use, files, name, scope, workspaces };
}

const save = (
  files: Awaited<ReturnType<typeof openPerson>>["files"],
  scope: Scope,
  name: string,
  text: string | Buffer,
) =>
  files.save(scope, { name, contentType: "text/plain", content: Buffer.from(text), origin: null });

describeDocker("the tools of the sandbox", () => {
  test("Python keeps its names between calls, shows what the last line gives, and tells how it went", async () => {
    const { use } = await openPerson();

    const first = await use("execute_python", { code: "import math\nx = 6" });
    const second = await use("execute_python", { code: "math.factorial(x)" });
    const fresh = await use("execute_python", { code: "x", fresh: true });

    expect(first.text).toMatch(
      /^It printed nothing\.\n\n\[Exit code 0, [\d.]+ s, at most \d+ MB of memory\]$/,
    );
    expect(second).toMatchObject({
      text: expect.stringMatching(/^720\n/),
      isError: false,
      taints: [],
    });
    expect(fresh).toMatchObject({ text: expect.stringContaining("NameError"), isError: true });
  });

  test("which limit was hit is told, with what to do", async () => {
    const { use } = await openPerson();

    const slow = await use("run_shell", { command: "echo begun; sleep 30", timeout: 1 });
    const hungry = await use("execute_python", { code: "x = bytearray(1 << 30)" });

    expect(slow.text).toMatch(
      /^begun\n\n\[Ended by signal 9, 1\.\d\d s.*\nIt was ended because it took longer than 1 s/,
    );
    expect(hungry.text).toMatch(
      /Memory ran out[^]*The Python session ended with it: names are lost/,
    );
  });

  test("long output is cut in the middle, with a hint", async () => {
    const { use } = await openPerson();

    const { text } = await use("run_shell", { command: "seq 1 20000" });

    expect(text).toMatch(/^1\n2\n3\n/);
    expect(text).toMatch(/\n20000\n\n\[Exit code 0/);
    expect(text).toMatch(/\[\.\.\. \d+ characters are left out here\. Write long output to a file/);
    expect(text.length).toBeLessThan(13_000);
  });

  test("what it prints is told to whoever waits, as plain words", async () => {
    const { use } = await openPerson();
    const labels: string[] = [];

    await use(
      "run_shell",
      { command: "echo '**step** @everyone `1`'; printf '\\033[31mred\\n'" },
      {
        progress: (label) => labels.push(label),
      },
    );

    expect(labels.join("\n")).toMatch(/^Running: (step everyone 1|31mred)/);
    expect(labels.join("\n")).not.toMatch(/[*@`]|\p{Cc}(?<!\n)/u);
  });

  test("what is new or changed below /out is shown, once, and no more than people can look at", async () => {
    const { use } = await openPerson();
    const image =
      "import base64; open('/out/p.png', 'wb').write(base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='))";

    const first = await use("execute_python", {
      code: `${image}; open('/out/t.csv', 'w').write('a,b')`,
    });
    const again = await use("execute_python", { code: "open('/out/t.csv', 'a').write('c')" });
    const many = await use("run_shell", {
      command:
        "for n in 1 2 3 4 5 6 7 8 9; do echo $n > /out/n$n; done; mkdir /out/d; echo x > /out/d/N1; ln -s /etc/passwd /out/l; mkfifo /out/f",
    });

    expect(first.files?.map(({ name, contentType }) => [name, contentType])).toEqual([
      ["p.png", "image/png"],
      ["t.csv", "text/csv; charset=utf-8"],
    ]);
    expect(
      again.files?.map(({ name, content }) => [name, Buffer.from(content).toString()]),
    ).toEqual([["t.csv", "a,bc"]]);
    expect(many.files).toHaveLength(8);
    expect(new Set(many.files?.map(({ name }) => name.toLowerCase())).size).toBe(8);
    expect(many.text).toContain("Not shown to people");
    expect(many.files?.map(({ name }) => name)).not.toContain("l");
  });

  test("a picture with billions of pixels is not given to anybody", async () => {
    const { use } = await openPerson();
    const code =
      "import struct; open('/out/b.png', 'wb').write(bytes.fromhex('89504e470d0a1a0a') + struct.pack('>I4sII', 13, b'IHDR', 65535, 65535) + bytes(20))";

    const { files, text } = await use("execute_python", { code });

    expect(files).toBeUndefined();
    expect(text).toContain("/out/b.png");
  });

  test("files are written, listed, read and unpacked", async () => {
    const { use } = await openPerson();

    await use("write_file", { path: "notes/a.txt", content: "hello\n" });
    await use("run_shell", { command: "zip -qr a.zip notes && rm -r notes" });
    const unpacked = await use("unzip_file", { path: "a.zip", destination: "there" });
    const listed = await use("list_files", {});

    expect(unpacked.text).toMatch(/^unpacked 1 files, 6 bytes, to \/box\/there\n/);
    expect((await use("read_file", { path: "/box/there/notes/a.txt" })).text).toBe("hello\n");
    expect(listed.text).toMatch(
      /\/box\/there\/notes\/a\.txt \(6 bytes\)[^]*\d+ bytes are used, \d+ are free/,
    );
    expect(await use("read_file", { path: "/etc/passwd" })).toMatchObject({
      isError: true,
      text: expect.stringContaining("outside"),
    });
    expect((await use("list_files", { path: "/proc" })).isError).toBe(true);
  });

  test("files of people come in, and results go to them", async () => {
    const { use, files, scope } = await openPerson();
    await save(files, scope, "data.csv", "n\n1\n2\n");

    const came = await use("upload_to_sandbox", { local_filename: "data.csv" });
    await use("run_shell", { command: "tail -n +2 data.csv | paste -sd+ | sed s/+/p/ > sum.txt" });
    const went = await use("download_from_sandbox", {
      sandbox_path: "sum.txt",
      local_filename: "result.txt",
    });

    expect(came.text).toBe("It is at /box/data.csv now, 6 bytes.");
    expect(went.text).toBe("Kept as result.txt, 4 bytes.");
    const found = await files.read(scope, { by: "name", name: "result.txt" });
    expect(Buffer.from(found?.content ?? []).toString()).toBe("1p2\n");
    expect((await use("upload_to_sandbox", { local_filename: "none" })).isError).toBe(true);
  });

  test("what comes out is as much others' as what went in, in this turn and in later ones", async () => {
    const { use, files, scope } = await openPerson();
    const page: Taint = { source: "web", name: "a.example" };
    expect((await use("run_shell", { command: "echo clean" })).taints).toEqual([]);

    await use("write_file", { path: "x", content: "from a page" }, { taints: async () => [page] });
    await save(files, scope, "data.csv", "1");
    await use("upload_to_sandbox", { local_filename: "data.csv" });

    const later = await use("read_file", { path: "x" });
    expect(later.taints).toEqual([page, { source: "file", name: "data.csv" }]);
  });

  test("reading in a turn that has read a page makes nothing of the page's", async () => {
    const { use } = await openPerson();
    await use("write_file", { path: "x", content: "ours" });

    await use(
      "read_file",
      { path: "x" },
      { taints: async () => [{ source: "web", name: "a.example" }] },
    );

    expect((await use("list_files", {})).taints).toEqual([]);
  });

  test("what a person did alone with her is not there in a channel, nor for anybody else", async () => {
    const { use, name } = await openPerson();
    await use("write_file", { path: "diary", content: "secret" });

    const channel = newChannel();
    const there = await use("list_files", {}, { scope: channel.scope(name) });

    expect(there.text).toMatch(/^No files below \/box/);
  });

  test("a stop ends what runs within a second", async () => {
    const { use, workspaces, scope } = await openPerson();
    await use("run_shell", { command: "true" });
    const stop = new AbortController();
    const running = use("run_shell", { command: "echo go; sleep 60" }, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error("stopped")), 300);

    await expect(running).rejects.toThrow("stopped");

    const workspace = await workspaces.open(sandboxOwnerOf(scope), ALIVE);
    expect((await run(workspace, shell("cat /proc/*/comm | grep -c sleep"))).out).toBe("0\n");
  });

  test("an engine that is gone is told in words", async () => {
    const { files } = await openPerson();
    const workspaces = createLocalSandboxes(
      { clock: systemClock, createId: randomUUID, log: silentLog, findHost: null },
      {
        docker: {
          ...testEngine(),
          host: "unix:///nowhere/docker.sock",
          house: "x",
          maxSandboxes: 4,
        },
        limits: SMALL,
        warm: 0,
        idleMs: 60_000,
        dir: "/nowhere",
      },
    );
    const [python] = sandboxTools({
      workspaces,
      files,
      packages: { indexUrl: "https://pypi.org/simple", hosts: ["pypi.org"] },
    });

    const output = await python?.run({ code: "1", fresh: false, timeout: 5 }, toolContext);

    expect(output).toMatchObject({
      isError: true,
      text: expect.stringContaining("Docker does not answer"),
    });
  });
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { expect, onTestFinished, test } from "vitest";
import { ALIVE, describeDocker, SMALL, testEngine } from "../../../test/open-sandbox.ts";
import { toolContext } from "../../../test/web-net.ts";
import { systemClock } from "../../core/clock.ts";
import type { FileStore } from "../../core/files.ts";
import { silentLog } from "../../core/log.ts";
import { sandboxOwnerOf } from "../../core/sandbox-owner.ts";
import { createLocalSandboxes } from "../../sandbox/index.ts";
import { sandboxTools } from "./all.ts";

const MIB = 1_024 * 1_024;
const NAME = "packages.example";
const OPENSSL = "openssl";

const wheel = zipSync({
  "tiny.py": strToU8("answer = 42\n"),
  "tiny-1.0.dist-info/METADATA": strToU8("Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"),
  "tiny-1.0.dist-info/WHEEL": strToU8(
    "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
  ),
  "tiny-1.0.dist-info/RECORD": strToU8(
    "tiny.py,,\ntiny-1.0.dist-info/METADATA,,\ntiny-1.0.dist-info/WHEEL,,\ntiny-1.0.dist-info/RECORD,,\n",
  ),
});

/** An index of packages by https, with a certificate of its own. */
async function openIndex() {
  const dir = mkdtempSync(join(tmpdir(), "clara-index-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
  execFileSync(
    OPENSSL,
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "2",
      "-keyout",
      key,
      "-out",
      cert,
      "-subj",
      `/CN=${NAME}`,
      "-addext",
      `subjectAltName=DNS:${NAME}`,
    ],
    { stdio: "ignore" },
  );
  const asked: string[] = [];
  const server = createServer(
    { key: readFileSync(key), cert: readFileSync(cert) },
    (request, response) => {
      asked.push(request.url ?? "");
      if (request.url === "/simple/tiny/")
        response
          .setHeader("content-type", "text/html")
          .end('<a href="/files/tiny-1.0-py3-none-any.whl">tiny-1.0-py3-none-any.whl</a>');
      else if (request.url?.startsWith("/files/")) response.end(wheel);
      else response.writeHead(404).end();
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { asked, cert: readFileSync(cert), port: (server.address() as AddressInfo).port };
}

async function openTools() {
  const index = await openIndex();
  const dir = mkdtempSync(join(tmpdir(), "clara-online-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const workspaces = createLocalSandboxes(
    {
      clock: systemClock,
      createId: randomUUID,
      log: silentLog,
      findHost: async () => ({ kind: "host", addresses: ["127.0.0.1"] }),
    },
    {
      docker: { ...testEngine(), house: randomUUID(), maxSandboxes: 2 },
      limits: { ...SMALL, memoryBytes: 256 * MIB },
      warm: 0,
      idleMs: 60_000,
      dir,
    },
  );
  onTestFinished(workspaces.close);
  const files: Pick<FileStore, "read" | "save"> = {
    read: async () => null,
    save: async () => ({ kind: "full", quotaBytes: 0 }),
  };
  const packages = { indexUrl: `https://${NAME}:${index.port}/simple`, hosts: [NAME] };
  const tools = sandboxTools({ workspaces, files, packages });
  const use = (wanted: string, input: object) => {
    const tool = tools.find((each) => each.name === wanted);
    assert(tool, `no tool ${wanted}`);
    return tool.run(tool.input.parse(input), toolContext);
  };
  const workspace = await workspaces.open(sandboxOwnerOf(toolContext.scope), ALIVE);
  const text = (path: string, bytes: Uint8Array) => ({
    path,
    bytes,
    isProgram: false,
    modifiedAt: new Date(0),
  });
  await workspace.put(
    [
      text("/box/cert.pem", index.cert),
      text("/box/.config/pip/pip.conf", strToU8("[global]\ncert = /box/cert.pem\n")),
    ],
    ALIVE,
  );
  return { use, tools, index };
}

describeDocker("packages", () => {
  test("come from the index by the way out, stay in the workspace, and are there for Python", async () => {
    const { use, index } = await openTools();

    const installed = await use("install_package", { package: "tiny==1.0" });
    const used = await use("execute_python", { code: "import tiny\ntiny.answer" });
    const missing = await use("install_package", { package: "nothing" });

    expect(installed).toMatchObject({ isError: false, taints: [{ source: "web", name: NAME }] });
    expect(used.text).toMatch(/^42\n/);
    expect(missing).toMatchObject({
      isError: true,
      text: expect.stringContaining("No matching distribution"),
    });
    expect(index.asked).toContain("/files/tiny-1.0-py3-none-any.whl");
  });

  test("code reaches the hosts that stand on the card, and no others", async () => {
    const { use, tools, index } = await openTools();
    const code = `import ssl, urllib.request\nc = ssl.create_default_context(cafile="/box/cert.pem")\nprint(urllib.request.urlopen("https://${NAME}:${index.port}/files/x", context=c).status)`;

    const allowed = await use("run_online", { code, hosts: [NAME] });
    const other = await use("run_online", { code, hosts: ["other.example"] });

    const tool = tools.find(({ name }) => name === "run_online");
    expect(tool?.explain?.({ code, hosts: [NAME], timeout: 60 })).toEqual({
      what: "Run code that may send anything to",
      target: NAME,
      reversible: false,
    });
    expect(tool).toMatchObject({ effect: "outside" });
    expect(allowed.text).toMatch(/^200\n/);
    expect(other).toMatchObject({
      isError: true,
      text: expect.stringContaining("403 Not agreed to"),
    });
  });
});

test.for([
  "--index-url=http://x",
  "git+https://x/y",
  "./here",
  "/etc/x",
  "a b",
  "tiny; rm",
  "tiny @ https://x",
  "-r x",
  "https://x/a.whl",
])("install_package takes no %s", (name) => {
  const [tool] = sandboxTools({
    workspaces: { open: () => Promise.reject(new Error("not opened")) },
    files: { read: async () => null, save: async () => ({ kind: "full", quotaBytes: 0 }) },
    packages: { indexUrl: "https://pypi.org/simple", hosts: ["pypi.org"] },
  }).filter((each) => each.name === "install_package");

  expect(tool?.input.safeParse({ package: name }).success).toBe(false);
  expect(tool?.input.safeParse({ package: "pandas[excel]>=2.1" }).success).toBe(true);
});

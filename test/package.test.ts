import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { share } from "./open-test-store.ts";

const ROOT = join(import.meta.dirname, "..");
const LIBRARIES = join(ROOT, "node_modules");
const run = promisify(execFile);

/** A folder with Clara as npm installs her from the archive: in node_modules, where Node erases no types. */
const home = share(async () => {
  const folder = await mkdtemp(join(tmpdir(), "clara-package-"));
  const { stdout } = await run(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", join(ROOT, "scripts/package.ts"), "--to", folder],
    { cwd: ROOT },
  );
  const libraries = join(folder, "node_modules");
  const clara = join(libraries, "clara");
  await mkdir(clara, { recursive: true });
  for (const name of await readdir(LIBRARIES))
    await symlink(join(LIBRARIES, name), join(libraries, name));
  await run("tar", ["-xzf", stdout.trim(), "-C", clara, "--strip-components=1"]);
  return {
    folder,
    command: join(clara, "bin/clara.cjs"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
});

/** What the installed command says, and to what it is told by a person who then leaves. */
async function clara(args: readonly string[], typed: string) {
  const { folder, command } = home();
  const env = { PATH: process.env["PATH"], CLARA_DATA_DIR: join(folder, "data") };
  const running = run(process.execPath, [command, ...args], { cwd: folder, env });
  running.child.stdin?.end(typed);
  return (await running).stdout;
}

test("the archive holds a Clara that talks, and no tests", async () => {
  const { folder } = home();

  const version = await clara(["version"], "");
  const said = await clara(["chat"], "hello\n");

  expect(version).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(said).toContain('You said "hello".');
  const files = await readdir(join(folder, "node_modules/clara"), { recursive: true });
  expect(files.filter((name) => /\.test\.|\.ts$/.test(name))).toEqual([]);
});

test("an old Node is told what to do", async () => {
  const { command } = home();
  const asOld = `Object.defineProperty(process.versions, "node", { value: "18.0.0" }); require(${JSON.stringify(command)})`;

  const told = run(process.execPath, ["--eval", asOld]);

  await expect(told).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Clara needs Node 24 or newer; this is 18.0.0."),
  });
});

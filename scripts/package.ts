/**
 * Makes what is published: `npm run package` writes clara-<version>.tgz. Node erases types everywhere but within
 * node_modules, so there they are erased beforehand; nothing else is changed.
 */
import { execFileSync } from "node:child_process";
import { cp, glob, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

const ROOT = join(import.meta.dirname, "..");
const STAGE = join(ROOT, "node_modules/.cache/clara-package");
/** Besides the program. */
const WITH_IT = ["drizzle", "VERSION", "CHANGELOG.md", "LICENSE", "README.md", ".env.example"];

const { values } = parseArgs({ options: { to: { type: "string", default: ROOT } } });
process.stdout.write(`${await makePackage(values.to)}\n`);

/** Gives the path of the archive. */
async function makePackage(to: string): Promise<string> {
  await rm(STAGE, { recursive: true, force: true });
  await mkdir(join(STAGE, "bin"), { recursive: true });
  for (const name of WITH_IT) await cp(join(ROOT, name), join(STAGE, name), { recursive: true });
  for await (const path of glob("src/**/*.*", { cwd: ROOT })) await copySource(path);
  await cp(join(ROOT, "scripts/package-bin.cjs"), join(STAGE, "bin/clara.cjs"));
  await writeFile(join(STAGE, "package.json"), JSON.stringify(await describe(), null, 2));
  const packed = execFileSync("npm", ["pack", "--pack-destination", to, "--silent"], {
    cwd: STAGE,
  });
  return join(to, packed.toString().trim());
}

async function copySource(path: string): Promise<void> {
  if (path.endsWith(".test.ts")) return;
  const target = join(STAGE, path.replace(/\.ts$/, ".js"));
  await mkdir(dirname(target), { recursive: true });
  if (!path.endsWith(".ts")) return cp(join(ROOT, path), target);
  const code = stripTypeScriptTypes(await readFile(join(ROOT, path), "utf8"));
  await writeFile(target, withJsNames(code));
}

/** Names of our own files, where they are imported or started: `from "./x.ts"`, `import("./x.ts")`, `new URL("x.ts", ...)`. */
function withJsNames(code: string): string {
  return code.replace(/((?:from|import|URL)\s*\(?\s*)(["'])([^"'\n]+)\.ts\2/g, "$1$2$3.js$2");
}

async function describe(): Promise<object> {
  const ours = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as Record<
    string,
    unknown
  >;
  const { name, description, license, type, dependencies, engines, overrides } = ours;
  const version = (await readFile(join(ROOT, "VERSION"), "utf8")).trim();
  const bin = { clara: "bin/clara.cjs" };
  return { name, version, description, license, type, bin, dependencies, overrides, engines };
}

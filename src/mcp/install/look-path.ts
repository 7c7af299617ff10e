import { constants } from "node:fs";
import { access, readFile, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { extname, join, resolve, sep } from "node:path";
import { z } from "zod";
import { drafted, refused, type Drafted, type Manner } from "./draft.ts";

const MAX_MANIFEST_BYTES = 1024 * 1024;
const manifest = z.looseObject({
  name: z.string().nullish().catch(null),
  bin: z
    .union([z.string(), z.record(z.string(), z.string())])
    .nullish()
    .catch(null),
  main: z.string().nullish().catch(null),
});

/** A program or a package on this machine, run as it stands there. For whoever runs the machine. */
export async function lookPath(wanted: string, { args }: Pick<Manner, "args">): Promise<Drafted> {
  const path = await realpath(resolve(wanted.replace(/^~(?=\/|$)/, homedir()))).catch(() => null);
  if (path === null) return refused(`There is no \`${wanted}\` on this machine.`);
  const found = (await stat(path)).isDirectory() ? await inFolder(path) : await ofFile(path);
  if ("says" in found) return refused(found.says);
  const words = [...found.words, ...args];
  const [command = "", ...rest] = words;
  return drafted({
    calls:
      path
        .split(sep)
        .at(-1)
        ?.replace(/\.[cm]?[jt]s$|\.py$/, "") ?? path,
    displayName: path.split(sep).at(-1) ?? path,
    source: { kind: "path", path },
    launch: {
      kind: "stdio",
      command,
      args: rest,
      cwd: found.cwd,
      env: {},
      secretEnv: [],
      isolation: "process",
    },
    needs: [],
    description: "",
    facts: [["Path", path]],
    risks: [
      "It runs with all rights of the user that I run as, and is not pinned: whoever can change the files changes the server.",
    ],
    commands: [words],
  });
}

type Started =
  | { readonly words: readonly string[]; readonly cwd: string }
  | { readonly says: string };

const RUNNERS: Readonly<Record<string, readonly string[] | undefined>> = {
  ".js": ["node"],
  ".mjs": ["node"],
  ".cjs": ["node"],
  ".ts": ["node"],
  ".py": ["python3"],
};

async function ofFile(path: string): Promise<Started> {
  const runner = RUNNERS[extname(path)];
  const cwd = resolve(path, "..");
  if (runner) return { words: [...runner, path], cwd };
  const mayRun = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  return mayRun ? { words: [path], cwd } : { says: "That file is no program: it may not be run." };
}

async function inFolder(folder: string): Promise<Started> {
  const text = await readFile(join(folder, "package.json"), "utf8").catch(() => "");
  if (text === "") return { says: "That folder has no package.json. Name the program itself." };
  const read = text.length > MAX_MANIFEST_BYTES ? null : manifest.safeParse(parsed(text));
  if (!read?.success) return { says: "Its package.json cannot be read." };
  const { bin, main } = read.data;
  const file = (typeof bin === "string" ? bin : Object.values(bin ?? {})[0]) ?? main ?? "index.js";
  const path = await realpath(join(folder, file)).catch(() => null);
  if (path === null || !path.startsWith(folder + sep))
    return { says: `Its package.json names \`${file}\`, which is not there. Has it been built?` };
  return { words: ["node", path], cwd: folder };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The schema says that it cannot be read.
  }
}

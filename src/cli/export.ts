import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { toJsonCopy, toMarkdownCopy } from "../agent/own-copy.ts";
import { openBlobs } from "../app/files.ts";
import { loadConfig } from "../config.ts";
import { userId } from "../core/ids.ts";
import { aloneScope } from "../core/principal.ts";
import { safeName } from "../files/index.ts";
import { EXIT, type ExitCode } from "../lib/exit-codes.ts";
import type { Store } from "../store/index.ts";
import { copyWorkspaces } from "./copy-workspaces.ts";
import { openConfigured, type StoreCommandDeps } from "./open-configured.ts";

export interface ExportDeps extends StoreCommandDeps {
  readonly clock: { readonly now: () => Date };
}

const USAGE = `Say whose, and where to: clara export --user ID --to FOLDER
  ID      the person's Discord id, for example 123456789012345678
  FOLDER  a new one, or an empty one
`;
const OWNER_ONLY = { mode: 0o600 } as const;

/** `clara export`: the same as the person's own `/clara export`, with the bytes of files. On an embedded database she must not be running. */
export async function exportPerson(deps: ExportDeps, args: readonly string[]): Promise<ExitCode> {
  const { machine, clock } = deps;
  const asked = readArgs(args);
  if (asked === null) {
    machine.errors.write(USAGE);
    return EXIT.usage;
  }
  await mkdir(asked.folder, { recursive: true, mode: 0o700 });
  if ((await readdir(asked.folder)).length > 0)
    throw new Error(`There is something in ${asked.folder}: name an empty folder.`);
  const config = loadConfig(machine.env);
  await using store = await openConfigured(deps, config);
  const scope = aloneScope("discord", userId(`discord:${asked.id}`));
  const all = await store.farewells.everything(scope);
  const date = clock.now().toISOString().slice(0, 10);
  await writeFile(join(asked.folder, `clara-${date}.json`), toJsonCopy(all), OWNER_ONLY);
  await writeFile(join(asked.folder, `clara-${date}.md`), toMarkdownCopy(all, date), OWNER_ONLY);
  const files = await copyFiles(store, openBlobs(config.files), scope, asked.folder);
  const inSandboxes = await copyWorkspaces(config, scope, asked.folder);
  const rows = Object.values(all).reduce((sum, { length }) => sum + length, 0);
  machine.output.write(`${rows} rows and ${files + inSandboxes} files are in ${asked.folder}.\n`);
  return EXIT.ok;
}

/** Several of one name are told apart by their ids. */
async function copyFiles(
  { files }: Pick<Store, "files">,
  blobs: ReturnType<typeof openBlobs>,
  scope: Parameters<Store["files"]["own"]>[0],
  folder: string,
): Promise<number> {
  const target = join(folder, "files");
  let copied = 0;
  for (const { id, name } of await files.own(scope)) {
    const content = await blobs.get(id);
    if (content === null) continue;
    await mkdir(target, { recursive: true, mode: 0o700 });
    await writeFile(join(target, `${id.slice(0, 8)}-${safeName(name)}`), content, OWNER_ONLY);
    copied++;
  }
  return copied;
}

function readArgs(
  args: readonly string[],
): { readonly id: string; readonly folder: string } | null {
  try {
    const options = { user: { type: "string" }, to: { type: "string" } } as const;
    const { values } = parseArgs({ args: [...args], options });
    const id = /^(?:discord[:-])?(\d{5,20})$/.exec(values.user ?? "")?.[1];
    return id === undefined || !values.to ? null : { id, folder: values.to };
  } catch {
    return null; // An option that there is not: the usage says which there are.
  }
}

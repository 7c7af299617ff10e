import { parseArgs } from "node:util";
import { backupDeps, backupOptions, openShelf } from "../app/backups.ts";
import { openBlobs } from "../app/files.ts";
import {
  listBackups,
  makeBackup,
  openBackup,
  restoreBackup,
  verifyBackup,
  type Manifest,
} from "../backup/index.ts";
import { loadConfig } from "../config.ts";
import { EXIT, type ExitCode } from "../lib/exit-codes.ts";
import { createLog } from "../lib/log.ts";
import type { openEmptyStore } from "../store/index.ts";
import { openConfigured, type StoreCommandDeps } from "./open-configured.ts";

export interface BackupDeps extends StoreCommandDeps {
  readonly openEmptyStore: typeof openEmptyStore;
}

const USAGE = `clara backup                 makes a copy of everything
  --with-secrets             also what people entered to be kept secret, sealed as it is
clara backup list            the copies that there are
clara backup verify [NAME]   reads one, or the newest, and looks whether all of it is there
clara restore NAME           brings one back into an empty database; "latest" is the newest
  --without-files            leaves people's files where they are
`;

const never = new AbortController().signal;

/** `clara backup`. On an embedded database Clara must not be running: there `/backup now` makes one. */
export async function backup(deps: BackupDeps, args: readonly string[]): Promise<ExitCode> {
  const asked = read(args, { "with-secrets": { type: "boolean" } });
  const [what = "now", name, ...more] = asked?.positionals ?? [];
  if (asked === null || more.length > 0) return usage(deps);
  if (what === "list" && name === undefined) return list(deps);
  if (what === "verify") return verify(deps, name ?? "latest");
  if (what !== "now" || name !== undefined) return usage(deps);
  return make(deps, asked.values["with-secrets"] === true);
}

async function make(deps: BackupDeps, withSecrets: boolean): Promise<ExitCode> {
  const { machine } = deps;
  const config = loadConfig(machine.env);
  await using store = await openConfigured(deps, config);
  const made = backupDeps(config, store.rows);
  const options = backupOptions(config);
  const wanted = { ...options, withSecrets: options.withSecrets || withSecrets };
  const manifest = await makeBackup(made, { ...wanted, why: "asked" }, never);
  return check(deps, await verifyBackup(made.shelf, manifest, never), manifest);
}

async function list({ machine }: BackupDeps): Promise<ExitCode> {
  const shelf = openShelf(loadConfig(machine.env));
  const ids = await listBackups(shelf);
  for (const id of ids) machine.output.write(`${line(await openBackup(shelf, id))}\n`);
  if (ids.length === 0) machine.output.write('There is no copy yet: "clara backup" makes one.\n');
  return EXIT.ok;
}

async function verify(deps: BackupDeps, name: string): Promise<ExitCode> {
  const shelf = openShelf(loadConfig(deps.machine.env));
  const manifest = await openBackup(shelf, await idOf(shelf, name));
  return check(deps, await verifyBackup(shelf, manifest, never), manifest);
}

function check({ machine }: BackupDeps, problems: readonly string[], manifest: Manifest): ExitCode {
  if (problems.length === 0) {
    machine.output.write(`${line(manifest)}\nAll of it is there, as it was written.\n`);
    return EXIT.ok;
  }
  machine.errors.write(
    `${manifest.id} is damaged:\n${problems.map((each) => `  ${each}\n`).join("")}`,
  );
  return EXIT.failed;
}

/** `clara restore NAME`: into the database that the settings name, which must be empty. */
export async function restore(deps: BackupDeps, args: readonly string[]): Promise<ExitCode> {
  const asked = read(args, { "without-files": { type: "boolean" } });
  const [name, ...more] = asked?.positionals ?? [];
  if (asked === null || name === undefined || more.length > 0) return usage(deps);
  const { machine } = deps;
  const config = loadConfig(machine.env);
  const shelf = openShelf(config);
  const manifest = await openBackup(shelf, await idOf(shelf, name));
  const log = createLog({ level: "error", secrets: () => config.secrets }, machine.errors);
  await using store = await deps.openEmptyStore({ log }, config.store);
  const files = asked.values["without-files"] === true ? null : openBlobs(config.files);
  const restored = await restoreBackup({ shelf, rows: store.rows, files }, manifest, never);
  machine.output.write(
    `${manifest.id} is back: ${restored.rows} rows, ${restored.files} files.\n${secretWords(manifest)}`,
  );
  return EXIT.ok;
}

const secretWords = ({ hasSecrets }: Manifest): string =>
  hasSecrets
    ? "What people entered to be kept secret opens with the same CLARA_SECRET_KEYS, or the same secret.key beside the embedded database, as before.\n"
    : "It holds nothing that people entered to be kept secret: keys and sign-ins have to be entered anew.\n";

async function idOf(shelf: Parameters<typeof listBackups>[0], name: string): Promise<string> {
  if (name !== "latest") return name;
  const [newest] = await listBackups(shelf);
  if (newest === undefined) throw new Error('There is no copy yet: "clara backup" makes one.');
  return newest;
}

const line = ({ id, why, version, parts, files, missingFiles, hasSecrets }: Manifest): string =>
  [
    id,
    why,
    `Clara ${version}`,
    `${parts.reduce((sum, { rows }) => sum + rows, 0)} rows`,
    `${files.length} files`,
    ...(missingFiles.length > 0 ? [`${missingFiles.length} files were gone`] : []),
    ...(hasSecrets ? ["with sealed secrets"] : []),
  ].join("  ");

function usage({ machine }: BackupDeps): ExitCode {
  machine.errors.write(USAGE);
  return EXIT.usage;
}

function read(args: readonly string[], options: Readonly<Record<string, { type: "boolean" }>>) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch {
    return null; // An option that there is not: the usage says which there are.
  }
}

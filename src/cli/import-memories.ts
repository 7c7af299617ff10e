import { readFile, stat } from "node:fs/promises";
import { parseArgs } from "node:util";
import { loadConfig } from "../config.ts";
import { userId } from "../core/ids.ts";
import { aloneScope } from "../core/principal.ts";
import { EXIT, type ExitCode } from "../lib/exit-codes.ts";
import { countImport, importWords, toNewFacts } from "../memory/import-facts.ts";
import { MAX_IMPORT_BYTES, readImport } from "../memory/read-import.ts";
import { openConfigured, type StoreCommandDeps } from "./open-configured.ts";

export interface ImportMemoriesDeps extends StoreCommandDeps {
  readonly clock: { readonly now: () => Date };
}

const USAGE = `Say whose memories they are: clara import mem0 FILE --user ID
  FILE  an export of Clara or of mem0, a dump of the points in Qdrant or rows in pgvector, or a list
  ID    the person's Discord id, for example 123456789012345678
  --dry-run  tells what would come of it, and keeps nothing
`;

/** `clara import mem0 FILE --user ID`: the same as `/memory import`, for who runs her. She must not be running on an embedded database. */
export async function importMemories(
  deps: ImportMemoriesDeps,
  args: readonly string[],
): Promise<ExitCode> {
  const { machine, clock } = deps;
  const asked = readArgs(args);
  if (asked === null) {
    machine.errors.write(USAGE);
    return EXIT.usage;
  }
  const { size } = await stat(asked.file);
  if (size > MAX_IMPORT_BYTES)
    throw new Error(`${asked.file} is larger than ${MAX_IMPORT_BYTES / 1_000_000} MB: split it.`);
  const names = [asked.id, `discord:${asked.id}`, `discord-${asked.id}`];
  const read = readImport(await readFile(asked.file, "utf8"), names);
  if (read.kind === "unreadable")
    throw new Error(`${asked.file} cannot be read: it may be cut off, or of an unknown form.`);

  const config = loadConfig(machine.env);
  await using store = await openConfigured(deps, config);
  // As the person would do it himself, in private.
  const scope = aloneScope("discord", userId(`discord:${asked.id}`));
  const facts = toNewFacts(read.facts, clock.now());
  const { memories } = store;
  const learned = await (asked.isDry
    ? memories.preview(scope, facts)
    : memories.learn(scope, facts));
  machine.output.write(`${importWords(read, countImport(learned)).replaceAll("**", "")}\n`);
  if (asked.isDry) machine.output.write("Nothing was kept: leave out --dry-run to keep it.\n");
  return EXIT.ok;
}

interface Asked {
  readonly file: string;
  /** Digits only. */
  readonly id: string;
  readonly isDry: boolean;
}

function readArgs(args: readonly string[]): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { user: { type: "string" }, "dry-run": { type: "boolean" } },
    });
    const [what, file, ...more] = positionals;
    const id = /^(?:discord[:-])?(\d{5,20})$/.exec(values.user ?? "")?.[1];
    if (what !== "mem0" || file === undefined || more.length > 0 || id === undefined) return null;
    return { file, id, isDry: values["dry-run"] ?? false };
  } catch {
    return null; // An option that there is not: the usage says which there are.
  }
}

import { readFileSync, statSync } from "node:fs";
import type { ProblemList } from "./problems.ts";
import type { Variables } from "./variable.ts";

/** A secret is a line, not a disk image. */
const MAX_BYTES = 65_536;
const SUFFIX = "_FILE";

/** The names of the variables that name a file with a secret in it: `DISCORD_BOT_TOKEN_FILE` and the like. */
export const secretFileNames = (table: Variables): readonly string[] =>
  Object.entries(table).flatMap(([name, { isSecret }]) => (isSecret ? [name + SUFFIX] : []));

/**
 * What is set, and for each secret whose `_FILE` names a file, what stands in it: Docker's and Kubernetes' way to hand
 * secrets over, which `docker inspect` does not show. What cannot be read goes into `problems`.
 */
export function withSecretFiles(
  table: Variables,
  set: ReadonlyMap<string, string>,
  problems: ProblemList,
): ReadonlyMap<string, string> {
  const all = new Map(set);
  for (const fileName of secretFileNames(table)) {
    const path = set.get(fileName);
    if (path === undefined) continue;
    const name = fileName.slice(0, -SUFFIX.length);
    if (set.has(name)) problems.add(fileName, `is set beside ${name}; keep one of them`);
    const text = read(path);
    if (text === null)
      problems.add(fileName, `names a file that cannot be read, is empty or has over 64 kB`);
    else all.set(name, text);
  }
  return all;
}

function read(path: string): string | null {
  try {
    if (statSync(path).size > MAX_BYTES) return null;
    const text = readFileSync(path, "utf8").trim();
    return text === "" ? null : text;
  } catch {
    return null; // Its name is told; the error would tell no more than that.
  }
}

import { chmod, readFile, rename, writeFile } from "node:fs/promises";

const OWNER_ONLY = 0o600;

/** The variables that have a value in the file; none when there is no file. */
export async function readEnvFile(path: string): Promise<ReadonlySet<string>> {
  const lines = (await read(path)).split("\n");
  return new Set(lines.flatMap((line) => /^\s*([A-Z][A-Z0-9_]*)\s*=\s*\S/.exec(line)?.[1] ?? []));
}

/** Puts values into the file: in the place of what stood there, else at its end. All else stays. Whole, or not at all. */
export async function writeEnvFile(
  path: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  let text = await read(path);
  for (const [name, value] of Object.entries(values)) text = withValue(text, name, value);
  const fresh = `${path}.new`;
  await writeFile(fresh, text, { mode: OWNER_ONLY });
  await rename(fresh, path);
  await chmod(path, OWNER_ONLY);
}

function withValue(text: string, name: string, value: string): string {
  const line = `${name}=${quoted(value)}`;
  const there = new RegExp(`^[ \\t]*${name}[ \\t]*=.*$`, "m");
  if (there.test(text)) return text.replace(there, () => line);
  return `${text === "" || text.endsWith("\n") ? text : `${text}\n`}${line}\n`;
}

/** As Node reads it back: https://nodejs.org/api/environment_variables.html#dotenv */
const quoted = (value: string): string => (/^[\w./:@%+=-]*$/.test(value) ? value : `'${value}'`);

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

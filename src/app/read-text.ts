import { readFile } from "node:fs/promises";

/** A file that a variable names. Throws words that say so. */
export async function readText(path: string, variable: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new Error(
      `${variable} names ${path}, which cannot be read. Check the path and the rights.`,
      {
        cause,
      },
    );
  }
}

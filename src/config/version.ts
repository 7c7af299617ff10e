import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";

/** Of the program, from the file VERSION, for example `0.1.0`. */
export const programVersion = (): string =>
  readFileSync(new URL("../../VERSION", import.meta.url), "utf8").trim();

/** The whole of CHANGELOG.md; null where the program came without it. */
export const programChangelog = (): Promise<string | null> =>
  readFile(new URL("../../CHANGELOG.md", import.meta.url), "utf8").catch(() => null);

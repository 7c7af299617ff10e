import { readFileSync } from "node:fs";

/** Of the program, from the file VERSION, for example `0.1.0`. */
export const programVersion = (): string =>
  readFileSync(new URL("../../VERSION", import.meta.url), "utf8").trim();

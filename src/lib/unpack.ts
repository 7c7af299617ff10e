import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Runs within the sandbox: with an archive, and where to. */
export const UNPACK: string = readFileSync(join(import.meta.dirname, "unpack.py"), "utf8");

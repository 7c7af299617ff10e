import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

/** Beside the packages that this program was installed with: the common folder for temporary files is everybody's. */
const FOLDER = fileURLToPath(new URL("../../node_modules/.cache/clara/", import.meta.url));

/**
 * Keeps compiled code on disk, also that of types being stripped, so that the next start need not do it again.
 * Where the folder cannot be written, all goes on as without: only slower.
 *
 * Call it before the modules are imported whose code is to be kept.
 * https://nodejs.org/docs/latest-v24.x/api/module.html#moduleenablecompilecachecachedir
 */
export function keepCompiledCode(): void {
  enableCompileCache(FOLDER);
}

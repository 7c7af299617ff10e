import type { Config } from "../../config.ts";
import { sandboxHealth } from "../../sandbox/index.ts";
import { broken, off, ok, warning, type Check } from "./check.ts";

/** Whether code could run, and how safely. Where nobody said that it shall, an engine that is not there is none missed. */
export const checkSandbox = (
  { fetch }: { readonly fetch: typeof globalThis.fetch },
  { sandbox }: Pick<Config, "sandbox">,
): Check => ({
  name: "sandbox",
  async run(signal) {
    if (sandbox === null) return off("SANDBOX_MODE is off");
    const health = await sandboxHealth({ fetch }, sandbox, signal);
    if (health.kind === "broken")
      return sandbox.mode === "auto" && sandbox.remote === null
        ? off(`code cannot run: ${health.words}`)
        : broken("code cannot run", health.words);
    const says = `works, with Docker ${health.engine}`;
    return health.warnings.length > 0 ? warning(says, ...health.warnings) : ok(says);
  },
});

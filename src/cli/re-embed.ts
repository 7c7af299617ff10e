import { loadConfig } from "../config.ts";
import { EXIT, type ExitCode } from "../lib/exit-codes.ts";
import { createEmbedder } from "../llm/embedder.ts";
import { embedBatch } from "../memory/embedding.ts";
import { openConfigured, type StoreCommandDeps } from "./open-configured.ts";

export interface ReEmbedDeps extends StoreCommandDeps {
  readonly fetch: typeof globalThis.fetch;
}

/** `clara memory re-embed`: all vectors anew, as after a server has changed the model behind a name. Begun again, it begins from the start. */
export async function reEmbed(deps: ReEmbedDeps): Promise<ExitCode> {
  const { machine } = deps;
  const config = loadConfig(machine.env);
  if (config.embedder === null) {
    machine.errors.write(
      "There is no embedder: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.\n",
    );
    return EXIT.config;
  }
  await using store = await openConfigured(deps, config);
  const embedder = createEmbedder(deps, config.embedder);
  const { vectors } = store;
  const never = new AbortController().signal;
  // Before anything is forgotten: a wrong key must not cost what there is.
  await embedder.embed(["Clara"], never);
  const outdated = await vectors.forgetAll();
  let made = 0;
  for (;;) {
    const done = await embedBatch({ vectors, embedder }, never);
    if (done === 0) break;
    made += done;
    machine.output.write(`${made} done\n`);
  }
  machine.output.write(
    `${made} memories have vectors of ${embedder.name}; ${outdated} were old.\n`,
  );
  return EXIT.ok;
}

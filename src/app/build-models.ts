import type { Config } from "../config.ts";
import type { Models } from "../core/model.ts";
import { createModels, loadPrices, type ModelsDeps } from "../llm/index.ts";
import { readText } from "./read-text.ts";

/** The models of these settings. Throws words about the file of prices, or about the models' names. */
export async function buildModels(deps: ModelsDeps, models: Config["models"]): Promise<Models> {
  const file = models.pricesFile;
  const override: unknown =
    file === null ? {} : JSON.parse(await readText(file, "LLM_PRICES_FILE"));
  const loaded = loadPrices(override);
  if (loaded.kind === "refused")
    throw new Error(`LLM_PRICES_FILE has wrong prices: ${loaded.problems.join("; ")}`);
  return createModels(deps, { ...models, prices: loaded.prices });
}

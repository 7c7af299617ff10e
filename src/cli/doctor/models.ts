import type { Config } from "../../config.ts";
import { createModels, type ModelsDeps, type ProviderOptions } from "../../llm/models.ts";
import { loadPrices } from "../../llm/prices.ts";
import { probe } from "../../llm/probe.ts";
import { broken, off, ok, type Check } from "./check.ts";

/** One check for each provider that is set up: a cheap live call of its low tier. */
export const checkModels = (deps: ModelsDeps, { models }: Config): readonly Check[] =>
  models.providers.map((provider) => ({
    name: nameOf(provider),
    async run(signal) {
      if (provider.kind === "demo") return off("no provider is set up, so a small script answers");
      const prices = loadPrices();
      if (prices.kind === "refused") return broken(prices.problems.join("; "));
      const model = createModels(deps, {
        ...models,
        providers: [provider],
        fallback: [],
        prices: prices.prices,
      }).byTier("low");
      const result = await probe(model, { clock: deps.clock, signal });
      return result.ok
        ? ok(`${model.name} answered in ${result.elapsedMs} ms`)
        : broken(
            `${model.name}: ${result.kind}`,
            result.advice,
            "LOG_LEVEL=debug shows its words.",
          );
    },
  }));

const nameOf = (provider: ProviderOptions): string =>
  provider.kind === "openai-compatible" ? provider.name : provider.kind;

import type { Models } from "../core/model.ts";

export interface SwitchingModels extends Models {
  /** From now on these answer; calls that are under way end where they began. */
  readonly switchTo: (models: Models) => void;
}

/** Models that may be exchanged while the program runs, as when the operator enters his first key. */
export function createSwitchingModels(first: Models): SwitchingModels {
  let now = first;
  return {
    byTier: (tier) => now.byTier(tier),
    get defaultTier() {
      return now.defaultTier;
    },
    get autoTier() {
      return now.autoTier;
    },
    switchTo(models) {
      now = models;
    },
  };
}

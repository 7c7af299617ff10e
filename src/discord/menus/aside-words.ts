import { modelTrouble, overBudget } from "../../agent/words.ts";
import type { Aside } from "../../core/asker.ts";

/** What a person reads when there are no words of the model's. */
export function asideTrouble(aside: Exclude<Aside, { kind: "words" }>): string {
  switch (aside.kind) {
    case "over-budget":
      return overBudget(aside.limit, aside.resetsInMs);
    case "busy":
      return "-# ⏳ I am still at your last one. Please try again in a moment.";
    case "trouble":
      return modelTrouble(aside.problem);
  }
}

export const DEMO =
  "-# I am running on the demo model, which cannot read: whoever runs me can give me a real one.";

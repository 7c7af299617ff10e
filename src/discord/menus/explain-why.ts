import type { BudgetLeft, BudgetsLeft } from "../../core/asker.ts";
import type { Explanations } from "../../core/explanations.ts";
import type { Tier } from "../../core/model.ts";
import { isManager } from "../../core/principal.ts";
import type { CommandContext } from "../commands/define-command.ts";
import { defineMenu } from "../commands/define-menu.ts";
import { explainWords } from "./explain-words.ts";

export interface ExplainDeps {
  readonly explanations: Pick<Explanations, "explain">;
  readonly budgetsLeft: BudgetsLeft;
  readonly models: () => Readonly<Record<Tier, string>>;
}

/** On an answer: which model, what it read, which tools, how long and what it cost. */
export const explainWhy = (deps: ExplainDeps) =>
  defineMenu({
    on: "message",
    name: "Explain why",
    async run({ id }, context) {
      const facts = await deps.explanations.explain(context.scope, id);
      const text = facts
        ? explainWords(
            facts,
            facts.cost ? await leftFor(deps, context) : [],
            (tier) => deps.models()[tier],
          )
        : "This is no answer of mine that I know of. Choose it on one of my answers.";
      return { kind: "whisper", reply: { text } };
    },
  });

/** His own budget; those of the place for who keeps order there, and everybody's for the operator. */
async function leftFor(
  { budgetsLeft }: ExplainDeps,
  { scope, conversation, isOperator }: CommandContext,
): Promise<readonly BudgetLeft[]> {
  const all = await budgetsLeft(scope, conversation.id);
  return all.filter(({ limit: { holder } }) => {
    switch (holder) {
      case "person":
        return true;
      case "channel":
      case "guild":
        return isOperator || isManager(scope.principal);
      case "everyone":
        return isOperator;
    }
  });
}

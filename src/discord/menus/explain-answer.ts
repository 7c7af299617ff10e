import type { BudgetLeft, BudgetsLeft } from "../../core/asker.ts";
import type { Explanations } from "../../core/explanations.ts";
import type { RecallSource } from "../../core/recall.ts";
import type { Tier } from "../../core/model.ts";
import type { CommandContext } from "../commands/define-command.ts";
import type { TargetMessage } from "../commands/define-menu.ts";
import { mayKnowBudget } from "../commands/places.ts";
import type { Reply } from "../commands/reply.ts";
import { explainMemories } from "./explain-memories.ts";
import { explainWords } from "./explain-words.ts";

export interface ExplainDeps {
  readonly explanations: Pick<Explanations, "explain">;
  readonly recall: Pick<RecallSource, "noted" | "facts">;
  readonly budgetsLeft: BudgetsLeft;
  readonly models: () => Readonly<Record<Tier, string>>;
}

/** Which model, what it read, which tools, how long and what it cost. */
export async function explainAnswer(
  deps: ExplainDeps,
  { id }: TargetMessage,
  context: CommandContext,
): Promise<Reply> {
  const facts = await deps.explanations.explain(context.scope, id);
  if (!facts) return { text: "This is no answer of mine that I know of (any more)." };
  const left = facts.cost ? await leftFor(deps, context) : [];
  const words = explainWords(facts, left, (tier) => deps.models()[tier]);
  const memories = await explainMemories(deps, context.scope, facts.turnId);
  return memories ? { ...memories, text: `${words}\n${memories.text}` } : { text: words };
}

async function leftFor(
  { budgetsLeft }: ExplainDeps,
  context: CommandContext,
): Promise<readonly BudgetLeft[]> {
  const all = await budgetsLeft(context.scope, context.conversation.id);
  return all.filter(({ limit }) => mayKnowBudget(limit, context));
}

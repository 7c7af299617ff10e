import type { Budgets } from "../agent/budgets.ts";
import type { TierChooser } from "../agent/prepare.ts";
import type { Log } from "../core/log.ts";
import type { Models } from "../core/model.ts";
import type { Ledger, Transcript } from "../core/stores.ts";
import type { Turn } from "../core/turn.ts";
import { chooseTier, isSmallTalk, type Question } from "./auto-tier.ts";

/** The question and a few lines before it. */
const LINES = 5;

export interface TierChooserDeps {
  readonly models: Models;
  readonly transcript: Pick<Transcript, "recent">;
  readonly budgets: Pick<Budgets, "allow">;
  readonly ledger: Pick<Ledger, "charge">;
  readonly log: Log;
}

/**
 * Chooses the tier of a question that asked for none (AUTO_TIER_SELECTION). Its call passes the meter like any other:
 * none is made over budget, and what it cost is charged to the turn.
 */
export function createTierChooser(deps: TierChooserDeps): TierChooser {
  const { models, transcript, budgets, ledger, log } = deps;
  return async (turn, signal) => {
    const question = await questionOf(transcript, turn);
    const isFree = isSmallTalk(question.text);
    // Over budget the turn is refused, and says so; nobody has to choose for it.
    if (!isFree && !(await budgets.allow(turn.scope, turn.conversation.id)))
      return models.defaultTier;
    const { tier, cost, by } = await chooseTier(models.byTier("low"), question, signal);
    if (cost) {
      const side = { purpose: "tier", turnId: turn.id, cost } as const;
      await ledger.charge(turn.scope, turn.conversation.id, side);
    }
    log.debug({ turnId: turn.id, tier, by }, "tier-chosen");
    return tier;
  };
}

async function questionOf(
  transcript: TierChooserDeps["transcript"],
  turn: Turn,
): Promise<Question> {
  const messages = await transcript.recent(turn.scope, turn.conversation.id, {
    limit: LINES,
    upTo: turn.triggerId,
    after: null,
  });
  const recent = messages.filter(({ id }) => id !== turn.triggerId).map(({ text }) => text);
  return { text: messages.find(({ id }) => id === turn.triggerId)?.text ?? "", recent };
}

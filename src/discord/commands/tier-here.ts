import type { Tier } from "../../core/model.ts";
import { resolveSettings, type SettingsOf, type SettingsStore } from "../../core/settings.ts";
import type { CommandContext } from "./define-command.ts";

export const TIERS: readonly Tier[] = ["high", "mid", "low"];

export interface TierDeps {
  readonly settings: Pick<SettingsStore, "of">;
  /** Which tier answers where nobody has set one. */
  readonly defaults: () => { readonly tier: Tier; readonly autoTier: boolean };
}

/** Which tier answers this person here when his question names none. */
export interface TierHere {
  readonly tier: Tier;
  /** A small call chooses it for each question. */
  readonly isAuto: boolean;
  /** Who set what. */
  readonly set: SettingsOf;
}

export async function tierHere(
  { settings, defaults }: TierDeps,
  { scope, conversation }: Pick<CommandContext, "scope" | "conversation">,
): Promise<TierHere> {
  const set = await settings.of(scope, conversation);
  const resolved = resolveSettings(set);
  const house = defaults();
  return {
    tier: resolved.tier ?? house.tier,
    isAuto: resolved.autoTier ?? (resolved.tier === null && house.autoTier),
    set,
  };
}

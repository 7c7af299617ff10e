import type { Clock } from "../core/clock.ts";
import type { ConversationId } from "../core/ids.ts";
import type { Scope } from "../core/principal.ts";
import {
  resolveSettings,
  type Resolved,
  type SettingsOf,
  type SettingsPlace,
  type SettingsStore,
} from "../core/settings.ts";
import type { BudgetLimit } from "../core/stores.ts";

/** Another process may have changed them: for so long she does as before. */
const FRESH_MS = 5_000;
/** People and places whose settings are known. */
const MAX_KNOWN = 1_000;

/** What people, channels and servers set, as it counts for one question. */
export interface OwnSettings {
  readonly of: (scope: Scope, place: SettingsPlace) => Promise<Resolved>;
  /** The limits of money that the person, the channel and the server have set. */
  readonly limits: (scope: Scope, conversation: ConversationId) => Promise<readonly BudgetLimit[]>;
  /** Something was changed here: what is known counts no more. */
  readonly changed: () => void;
}

export function createOwnSettings({
  settings,
  clock,
}: {
  readonly settings: Pick<SettingsStore, "of" | "ofConversation">;
  readonly clock: Clock;
}): OwnSettings {
  const known = new Map<string, { readonly resolved: Promise<Resolved>; readonly atMs: number }>();

  function keep(about: readonly unknown[], look: () => Promise<SettingsOf>): Promise<Resolved> {
    const key = JSON.stringify(about);
    const fresh = known.get(key);
    if (fresh && clock.elapsedMs() - fresh.atMs < FRESH_MS) return fresh.resolved;
    const resolved = look().then(resolveSettings);
    // What failed is asked again the next time.
    resolved.catch(() => known.delete(key));
    known.delete(key);
    known.set(key, { resolved, atMs: clock.elapsedMs() });
    if (known.size > MAX_KNOWN) known.delete(known.keys().next().value ?? "");
    return resolved;
  }

  return {
    of(scope, place) {
      const { userId, guildId } = scope.principal;
      const about = [userId, guildId, place.platform, place.channelId, place.parentId];
      return keep(about, () => settings.of(scope, place));
    },
    async limits(scope, conversation) {
      const { dailyUsd, roleUsd } = await keep(
        ["limits", scope.principal.userId, conversation],
        () => settings.ofConversation(scope, conversation),
      );
      const own = (["person", "channel", "guild"] as const).flatMap((holder) =>
        toLimit(holder, dailyUsd[holder]),
      );
      return [...own, ...toLimit("member", mostGenerous(roleUsd, scope))];
    },
    changed: () => known.clear(),
  };
}

const toLimit = (holder: BudgetLimit["holder"], limit: number | null): readonly BudgetLimit[] =>
  limit === null ? [] : [{ holder, unit: "usd", limit }];

/** Of the roles that this person holds and that have a budget. Everybody holds the one with the server's own id. */
function mostGenerous(
  roleUsd: Resolved["roleUsd"],
  { principal: { guildId, roleIds } }: Scope,
): number | null {
  const everybody = guildId === null ? [] : [guildId.slice(guildId.lastIndexOf(":") + 1)];
  const budgets = [...roleIds, ...everybody].flatMap((role) => roleUsd[role] ?? []);
  return budgets.length === 0 ? null : Math.max(...budgets);
}

import type { ConversationId, GuildId, UserId } from "./ids.ts";
import type { Conversation } from "./message.ts";
import type { Tier } from "./model.ts";
import type { Scope } from "./principal.ts";

/** Whose settings they are: one person's everywhere, one channel's with its threads, or one server's. */
export type SettingsHolder = "person" | "channel" | "guild";

/** What may be set. null: not set here, so the next holder decides, and in the end the operator's configuration. */
export interface Settings {
  /** Which model answers when nobody says `!high` and the like. */
  readonly tier: Tier | null;
  /** True: a cheap call chooses the tier. */
  readonly autoTier: boolean | null;
  /** Who she is here, in the words of whoever keeps the place. Not for persons: it would be theirs in everybody's channel. */
  readonly personality: string | null;
  /** The language of answers, as one says it: "German". */
  readonly language: string | null;
  /** IANA name. */
  readonly timeZone: string | null;
  /** What this holder may cost a day, in US dollars. */
  readonly dailyUsd: number | null;
  /** False: no Retry, Shorter and the like below answers. */
  readonly answerButtons: boolean | null;
  /** Where reminders come when nobody said where. Of persons only. */
  readonly remindersTo: "here" | "dm" | null;
  /** Days after which words that were said are forgotten. Of channels and servers only. */
  readonly retentionDays: number | null;
  /** The platform's own id of the channel where a server's admins read what they should know. */
  readonly logChannelId: string | null;
  /** What a member with a role may cost a day in this server, by the platform's own id of the role. */
  readonly roleUsd: Readonly<Record<string, number>> | null;
  /** True: below an answer it is told what she learnt from the question. A person's alone. */
  readonly receipts: boolean | null;
}

export const NO_SETTINGS: Settings = {
  tier: null,
  autoTier: null,
  personality: null,
  language: null,
  timeZone: null,
  dailyUsd: null,
  answerButtons: null,
  remindersTo: null,
  retentionDays: null,
  logChannelId: null,
  roleUsd: null,
  receipts: null,
};

export type SettingsOf = Readonly<Record<SettingsHolder, Settings>>;

/** Where settings are looked up and changed. */
export type SettingsPlace = Pick<Conversation, "platform" | "guildId" | "channelId" | "parentId">;

export interface SettingsStore {
  /** Removes what a person set for himself. */
  readonly forgetAll: (person: UserId) => Promise<boolean>;
  /** Of the person who asks, of the place and of its server. In a DM the last two are empty. */
  readonly of: (scope: Scope, place: SettingsPlace) => Promise<SettingsOf>;
  /** The same for a conversation that is known; of one that the scope does not see, the person's alone. */
  readonly ofConversation: (scope: Scope, id: ConversationId) => Promise<SettingsOf>;
  /** Where the person's own clock hangs; null when he never said. */
  readonly zone: (scope: Scope) => Promise<string | null>;
  readonly setZone: (scope: Scope, zone: string) => Promise<void>;
  /** Where a server's admins read what they should know; null when they named no channel. */
  readonly logChannelOf: (guild: GuildId) => Promise<string | null>;
  /**
   * Sets what is in `change` and leaves the rest. Whether this person may is the caller's to check; here only that the
   * holder is the scope's own. Throws ScopeError for a channel or server in a DM.
   */
  readonly change: (
    scope: Scope,
    place: SettingsPlace,
    holder: SettingsHolder,
    change: Partial<Settings>,
  ) => Promise<void>;
  /**
   * One role's budget in the scope's server and no other's; null takes it away. False when there are as many as may be.
   * Throws as change() does.
   */
  readonly setRoleUsd: (
    scope: Scope,
    place: SettingsPlace,
    role: string,
    usd: number | null,
  ) => Promise<boolean>;
}

/** Budgets by role of one server. */
export const MAX_ROLE_BUDGETS = 50;

/** What counts for one turn. `null` where nobody but the operator said anything. */
export interface Resolved {
  readonly tier: Tier | null;
  readonly autoTier: boolean | null;
  readonly personality: string | null;
  readonly language: string | null;
  readonly timeZone: string | null;
  readonly receipts: boolean | null;
  readonly dailyUsd: Readonly<Record<SettingsHolder, number | null>>;
  readonly roleUsd: Readonly<Record<string, number>>;
  readonly answerButtons: boolean;
}

/**
 * The nearest holder decides: person, channel, server. Personality is the place's; limits of money hold all at once;
 * buttons are there unless the person or the place wants none.
 */
export function resolveSettings({ person, channel, guild }: SettingsOf): Resolved {
  // Who chose a tier himself has said no to its being chosen for him, and the other way round.
  const chooser = [person, channel, guild].find(
    ({ tier, autoTier }) => tier !== null || autoTier !== null,
  );
  return {
    tier: chooser?.tier ?? null,
    autoTier: chooser?.autoTier ?? (chooser?.tier ? false : null),
    personality: channel.personality ?? guild.personality,
    language: person.language ?? channel.language ?? guild.language,
    timeZone: person.timeZone ?? channel.timeZone ?? guild.timeZone,
    receipts: person.receipts,
    dailyUsd: { person: person.dailyUsd, channel: channel.dailyUsd, guild: guild.dailyUsd },
    roleUsd: guild.roleUsd ?? {},
    answerButtons:
      person.answerButtons !== false && (channel.answerButtons ?? guild.answerButtons) !== false,
  };
}

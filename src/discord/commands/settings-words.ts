import type { Settings, SettingsHolder } from "../../core/settings.ts";

/** Longer texts are cut where they are only mentioned. */
const MAX_SHOWN = 200;

interface Entry {
  readonly label: string;
  readonly of: readonly SettingsHolder[];
  /** The whole of it, in words; null when it is not set. */
  readonly words: (set: Settings) => string | null;
  /** Somebody's own words: for those whose place it is, and not for a log. */
  readonly isProse?: true;
  /** Where one line would tell of everything to say that a part of it is other than before. */
  readonly parts?: (set: Settings) => Readonly<Record<string, string>>;
}

const ALL: readonly SettingsHolder[] = ["person", "channel", "guild"];
const PLACES: readonly SettingsHolder[] = ["channel", "guild"];

/** In the order in which a panel tells them. */
const ENTRIES: readonly Entry[] = [
  { label: "Tier", of: ALL, words: ({ tier, autoTier }) => (autoTier === true ? "auto" : tier) },
  { label: "Personality", of: PLACES, words: ({ personality }) => personality, isProse: true },
  { label: "Language", of: ALL, words: ({ language }) => language },
  { label: "Time zone", of: ALL, words: ({ timeZone }) => timeZone },
  {
    label: "Dollars a day",
    of: ALL,
    words: ({ dailyUsd: usd }) => (usd === null ? null : `$${usd}`),
  },
  {
    label: "Forget after",
    of: PLACES,
    words: ({ retentionDays: days }) =>
      days === null ? null : days === 1 ? "1 day" : `${days} days`,
  },
  {
    label: "Buttons below answers",
    of: ALL,
    words: ({ answerButtons: on }) => (on === null ? null : on ? "on" : "off"),
  },
  {
    label: "Reminders go",
    of: ["person"],
    words: ({ remindersTo: to }) => to && (to === "dm" ? "to your DMs" : "where you set them"),
  },
  {
    label: "What I learnt, below my answers",
    of: ["person"],
    words: ({ receipts }) =>
      receipts === null ? "in private chats only" : receipts ? "everywhere" : "nowhere",
  },
  {
    label: "Log channel",
    of: ["guild"],
    words: ({ logChannelId: id }) => id && `<#${id}>`,
  },
  {
    label: "Dollars a day by role",
    of: ["guild"],
    words: ({ roleUsd }) =>
      Object.entries(roleUsd ?? {})
        .map(([role, usd]) => `<@&${role}> $${usd}`)
        .join(", ") || null,
    parts: ({ roleUsd }) =>
      Object.fromEntries(
        Object.entries(roleUsd ?? {}).map(([role, usd]) => [
          `Dollars a day for <@&${role}>`,
          `$${usd}`,
        ]),
      ),
  },
];

/** A line for each setting of such a holder. */
export const settingLines = (holder: SettingsHolder, set: Settings): readonly string[] =>
  ENTRIES.filter(({ of }) => of.includes(holder)).map(
    ({ label, words }) => `- ${label}: ${cut(words(set))}`,
  );

/** What a change made of what: `Language: not set → German`. Empty when nothing is other than before. */
export const changeLines = (
  before: Settings,
  after: Settings,
  { isLog }: { readonly isLog: boolean } = { isLog: false },
): readonly string[] =>
  ENTRIES.flatMap(({ label, words, isProse = false, parts }) => {
    if (parts) return partLines(parts(before), parts(after));
    const [was, is] = [words(before), words(after)];
    if (was === is) return [];
    return [isProse && isLog ? `${label} changed` : becameLine(label, was, is)];
  });

const partLines = (
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] =>
  Object.keys({ ...before, ...after })
    .filter((label) => before[label] !== after[label])
    .map((label) => becameLine(label, before[label] ?? null, after[label] ?? null));

const becameLine = (label: string, was: string | null, is: string | null): string =>
  `${label}: ${cut(was)} → ${cut(is)}`;

/** In one line, whatever a person wrote. */
function cut(words: string | null): string {
  if (words === null) return "not set";
  const line = words.replace(/\s+/g, " ").trim();
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
}

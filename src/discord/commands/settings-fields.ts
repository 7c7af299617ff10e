import type { Settings, SettingsHolder } from "../../core/settings.ts";
import { spelledTimeZone } from "../../lib/time-zone.ts";

const MAX_PERSONALITY = 2_000;
const MAX_DAILY_USD = 10_000;
const MAX_RETENTION_DAYS = 3_650;

export const FIELD_NAMES = [
  "personality",
  "language",
  "timeZone",
  "dailyUsd",
  "retentionDays",
] as const;
export type FieldName = (typeof FIELD_NAMES)[number];

/** A setting that is written into a form. */
interface FieldOptions {
  readonly label: string;
  readonly hint: string;
  readonly style: "short" | "long";
  readonly maxLength: number;
  /** What is written, or words that say what would be right. */
  readonly read: (
    text: string,
  ) => { readonly change: Partial<Settings> } | { readonly problem: string };
}

export const FIELDS: Readonly<Record<FieldName, FieldOptions>> = {
  personality: {
    label: "Personality",
    hint: "Who I am here, in your words; {name} stands for my name",
    style: "long",
    maxLength: MAX_PERSONALITY,
    read: (text) => ({ change: { personality: text } }),
  },
  language: {
    label: "Language",
    hint: "For example German, or Bahasa Indonesia",
    style: "short",
    maxLength: 40,
    // It becomes part of the prompt: a name, and not a sentence.
    read: (text) =>
      /^[\p{L}\p{M} ()-]+$/u.test(text)
        ? { change: { language: text } }
        : { problem: "A language is a name such as German, with letters only." },
  },
  timeZone: {
    label: "Time zone",
    hint: "An IANA name, for example Europe/Berlin",
    style: "short",
    maxLength: 60,
    read(text) {
      const zone = spelledTimeZone(text);
      return zone === null
        ? {
            problem: `"${text}" is no time zone. Give a name such as Europe/Berlin or Asia/Jakarta.`,
          }
        : { change: { timeZone: zone } };
    },
  },
  dailyUsd: {
    label: "Dollars a day",
    hint: "For example 2.50",
    style: "short",
    maxLength: 10,
    read(text) {
      const usd = readUsd(text);
      return usd === null ? { problem: USD_PROBLEM } : { change: { dailyUsd: usd } };
    },
  },
  retentionDays: {
    label: "Forget after days",
    hint: "For example 90; what was said before is forgotten",
    style: "short",
    maxLength: 4,
    read(text) {
      const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
      return days >= 1 && days <= MAX_RETENTION_DAYS
        ? { change: { retentionDays: days } }
        : { problem: `It is a whole number of days from 1 to ${MAX_RETENTION_DAYS}.` };
    },
  },
};

export const USD_PROBLEM = `It is an amount from 0.01 to ${MAX_DAILY_USD} dollars, for example 2.50.`;

/** "2.50", "$2.5" or "2,5"; null for what is no amount that may be a budget. */
export function readUsd(text: string): number | null {
  const usd = /^\$?\d{1,5}([.,]\d{1,4})?$/.test(text)
    ? Number(text.replace("$", "").replace(",", "."))
    : NaN;
  return usd > 0 && usd <= MAX_DAILY_USD ? usd : null;
}

export const FIELDS_OF: Readonly<Record<SettingsHolder, readonly FieldName[]>> = {
  person: ["language", "timeZone", "dailyUsd"],
  channel: FIELD_NAMES,
  guild: FIELD_NAMES,
};

import { z } from "zod";
import { type Settings, type SettingsHolder } from "../../core/settings.ts";
import { spelledTimeZone } from "../../lib/time-zone.ts";
import { WORDS } from "../words.ts";
import { defineAction, defineFormAction, type ActionOutcome } from "./define-action.ts";
import { defineCommand, defineGroup, type CommandContext } from "./define-command.ts";
import type { SettingsDeps } from "./model.ts";
import type { Reply } from "./reply.ts";

const TIER = "settings-tier";
const OPEN = "settings-open";
const WRITE = "settings-write";

const MAX_PERSONALITY = 2_000;
const MAX_SHOWN = 200;
const MAX_DAILY_USD = 10_000;

const about = z.object({ holder: z.enum(["person", "channel", "guild"]) });
const aboutField = about.extend({
  field: z.enum(["personality", "language", "timeZone", "dailyUsd"]),
});
type FieldName = z.infer<typeof aboutField>["field"];
const tier = z.enum(["high", "mid", "low", "auto", "default"]);

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

const FIELDS: Readonly<Record<FieldName, FieldOptions>> = {
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
      const usd = /^\$?\d{1,5}([.,]\d{1,4})?$/.test(text)
        ? Number(text.replace("$", "").replace(",", "."))
        : NaN;
      return usd > 0 && usd <= MAX_DAILY_USD
        ? { change: { dailyUsd: usd } }
        : { problem: `It is an amount from 0.01 to ${MAX_DAILY_USD} dollars, for example 2.50.` };
    },
  },
};

const FIELDS_OF: Readonly<Record<SettingsHolder, readonly FieldName[]>> = {
  person: ["language", "timeZone", "dailyUsd"],
  channel: ["personality", "language", "timeZone", "dailyUsd"],
  guild: ["personality", "language", "timeZone", "dailyUsd"],
};

const TITLES: Readonly<Record<SettingsHolder, string>> = {
  person: "Your settings, wherever you talk to me",
  channel: "Settings of this channel and its threads",
  guild: "Settings of this server",
};

/** `/settings`: one panel for each person, and for a channel and a server one for those who keep them. */
export const settingsGroup = (deps: SettingsDeps) =>
  defineGroup({
    name: "settings",
    offer: "anywhere",
    description: "How I answer: tier, language, time zone, personality, budget",
    commands: [
      panelCommand(deps, "me", "How I answer you", "person"),
      panelCommand(deps, "channel", "How I answer in this channel", "channel"),
      panelCommand(deps, "server", "How I answer in this server", "guild"),
    ],
    actions: [
      defineAction({
        name: TIER,
        async run({ data, values }, context) {
          const { holder } = about.parse(data);
          const chosen = tier.parse(values[0]);
          return change(deps, context, holder, {
            tier: chosen === "auto" || chosen === "default" ? null : chosen,
            autoTier: chosen === "default" ? null : chosen === "auto",
          });
        },
      }),
      defineFormAction({
        name: OPEN,
        form({ data }) {
          const { field } = aboutField.parse(data);
          const { label, hint, style, maxLength } = FIELDS[field];
          return {
            title: label,
            fields: [
              {
                name: "value",
                label: "Leave it empty to set nothing",
                placeholder: hint,
                style,
                maxLength,
              },
            ],
            action: WRITE,
            data,
          };
        },
      }),
      defineAction({
        name: WRITE,
        async run({ data, fields }, context) {
          const { holder, field } = aboutField.parse(data);
          const text = (fields["value"] ?? "").trim();
          if (text === "") return change(deps, context, holder, { [field]: null });
          const read = FIELDS[field].read(text);
          return "problem" in read
            ? { kind: "whisper", reply: { text: read.problem } }
            : change(deps, context, holder, read.change);
        },
      }),
    ],
  });

const panelCommand = (
  deps: SettingsDeps,
  name: string,
  description: string,
  holder: SettingsHolder,
) =>
  defineCommand({
    name,
    description,
    options: [],
    run: async (_, context) => refusalFor(holder, context) ?? panel(deps, context, holder),
  });

/** Checked at every press: who opened a panel may have lost his role since. */
function refusalFor(holder: SettingsHolder, context: CommandContext): string | null {
  if (holder === "person") return null;
  if (context.conversation.guildId === null) return WORDS.serversOnly;
  if (holder === "channel") return context.isChannelManager ? null : WORDS.managersOnly;
  return context.isGuildAdmin ? null : WORDS.adminsOnly;
}

async function change(
  deps: SettingsDeps,
  context: CommandContext,
  holder: SettingsHolder,
  values: Partial<Settings>,
): Promise<ActionOutcome> {
  const refusal = refusalFor(holder, context);
  if (refusal !== null) return { kind: "whisper", reply: { text: refusal } };
  await deps.settings.change(context.scope, context.conversation, holder, values);
  deps.ownSettings.changed();
  return { kind: "replace", reply: await panel(deps, context, holder) };
}

async function panel(
  { settings }: SettingsDeps,
  { scope, conversation }: CommandContext,
  holder: SettingsHolder,
): Promise<Reply> {
  const set = (await settings.of(scope, conversation))[holder];
  const isAuto = set.autoTier === true;
  const now = isAuto ? "auto" : (set.tier ?? "default");
  const lines = FIELDS_OF[holder].map((field) => `- ${FIELDS[field].label}: ${shown(field, set)}`);
  return {
    text: [
      `**${TITLES[holder]}**`,
      `- Tier: ${now === "default" ? "not set" : now}`,
      ...lines,
    ].join("\n"),
    rows: [
      [
        {
          kind: "select",
          placeholder: "Tier",
          action: TIER,
          data: { holder },
          from: [
            { name: "high: the most capable", value: "high", isChosen: now === "high" },
            { name: "mid: the usual one", value: "mid", isChosen: now === "mid" },
            { name: "low: the quickest", value: "low", isChosen: now === "low" },
            { name: "auto: a small call chooses", value: "auto", isChosen: now === "auto" },
            { name: "not set", value: "default", isChosen: now === "default" },
          ],
        },
      ],
      FIELDS_OF[holder].map((field) => ({
        kind: "button" as const,
        label: FIELDS[field].label,
        action: OPEN,
        data: { holder, field },
      })),
    ],
  };
}

function shown(field: FieldName, set: Settings): string {
  const value = set[field];
  if (value === null) return "not set";
  if (field === "dailyUsd") return `$${value}`;
  const text = String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

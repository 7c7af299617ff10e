import type { Settings, SettingsHolder, SettingsStore } from "../../core/settings.ts";
import type { Tier } from "../../core/model.ts";
import type { ChannelMode } from "../../core/stores.ts";
import { modeOf } from "../gate.ts";
import type { Modes } from "../modes.ts";
import type { CommandContext } from "./define-command.ts";
import type { Control, Reply } from "./reply.ts";
import { FIELDS, FIELDS_OF } from "./settings-fields.ts";
import { settingLines } from "./settings-words.ts";

export const ACTIONS = {
  tier: "settings-tier",
  open: "settings-open",
  write: "settings-write",
  buttons: "settings-buttons",
  reminders: "settings-reminders",
  mode: "settings-mode",
  log: "settings-log",
  noLog: "settings-no-log",
  tools: "settings-tools",
  receipts: "settings-receipts",
} as const;

const TITLES: Readonly<Record<SettingsHolder, string>> = {
  person: "Your settings, wherever you talk to me",
  channel: "Settings of this channel and its threads",
  guild: "Settings of this server",
};

interface PanelDeps {
  readonly settings: Pick<SettingsStore, "of">;
  readonly modes: Pick<Modes, "all">;
}

/** One panel; `changed` says what has just become of what. */
export async function panel(
  { settings, modes }: PanelDeps,
  { scope, conversation }: CommandContext,
  holder: SettingsHolder,
  changed: readonly string[] = [],
): Promise<Reply> {
  const set = (await settings.of(scope, conversation))[holder];
  const mode = modeOf(modes.all(), conversation);
  const lines = [
    `**${TITLES[holder]}**`,
    ...(holder === "channel" ? [`- Mode: ${mode}`] : []),
    ...settingLines(holder, set),
    ...(holder === "guild"
      ? ["-# `/settings role` sets budgets by role; `/clara channel` lists the modes of channels."]
      : []),
    ...changed.map((line) => `-# ✏️ ${line}`),
  ];
  const special: Readonly<Record<SettingsHolder, readonly Control[]>> = {
    person: [remindersSelect(set)],
    channel: [modeSelect(mode)],
    guild: [logSelect()],
  };
  return {
    isPanel: true,
    text: lines.join("\n"),
    rows: [
      [tierSelect(holder, set)],
      FIELDS_OF[holder].map((field) => ({
        kind: "button" as const,
        label: FIELDS[field].label,
        action: ACTIONS.open,
        data: { holder, field },
      })),
      [buttonsSelect(holder, set)],
      special[holder],
      [
        toolsButton(holder),
        ...(holder === "person" ? [receiptsButton(set)] : []),
        ...(set.logChannelId === null ? [] : [noLogButton()]),
      ],
    ],
  };
}

interface Option {
  readonly name: string;
  readonly value: string;
}

const select = (
  placeholder: string,
  action: string,
  holder: SettingsHolder,
  now: string,
  options: readonly Option[],
): Control => ({
  kind: "select",
  placeholder,
  action,
  data: { holder },
  from: options.map((option) => ({ ...option, isChosen: option.value === now })),
});

const tierSelect = (holder: SettingsHolder, { tier, autoTier }: Settings): Control => {
  const meanings: Readonly<Record<Tier, string>> = {
    high: "the most capable",
    mid: "the usual one",
    low: "the quickest",
  };
  const tiers = (["high", "mid", "low"] as const).map((value) => ({
    name: `${value}: ${meanings[value]}`,
    value,
  }));
  return select("Tier", ACTIONS.tier, holder, autoTier === true ? "auto" : (tier ?? "default"), [
    ...tiers,
    { name: "auto: a small call chooses", value: "auto" },
    { name: "Tier not set", value: "default" },
  ]);
};

const buttonsSelect = (holder: SettingsHolder, { answerButtons: on }: Settings): Control =>
  select(
    "Buttons below answers",
    ACTIONS.buttons,
    holder,
    on === null ? "default" : on ? "on" : "off",
    [
      // Who wants none gets none; whether there are any is the place's to say.
      ...(holder === "person" ? [] : [{ name: "Buttons below answers: on", value: "on" }]),
      { name: "Buttons below answers: off", value: "off" },
      { name: "Buttons below answers: not set", value: "default" },
    ],
  );

const remindersSelect = ({ remindersTo }: Settings): Control =>
  select("Reminders go", ACTIONS.reminders, "person", remindersTo ?? "default", [
    { name: "Reminders go where I set them", value: "here" },
    { name: "Reminders go to my DMs", value: "dm" },
    { name: "Reminders: not set", value: "default" },
  ]);

const modeSelect = (mode: ChannelMode): Control =>
  select("Mode", ACTIONS.mode, "channel", mode, [
    { name: "mention: answer mentions and replies", value: "mention" },
    { name: "active: answer everything", value: "active" },
    { name: "off: say nothing", value: "off" },
  ]);

const logSelect = (): Control => ({
  kind: "select",
  placeholder: "Log channel: what admins should know",
  action: ACTIONS.log,
  data: { holder: "guild" },
  from: "channels",
});

const noLogButton = (): Control => ({
  kind: "button",
  label: "No log channel",
  action: ACTIONS.noLog,
  data: { holder: "guild" },
});

const toolsButton = (holder: SettingsHolder): Control => ({
  kind: "button",
  label: "What tools may do",
  action: ACTIONS.tools,
  data: { holder },
});

/** One press goes on to the next: private chats only, everywhere, nowhere. */
function receiptsButton({ receipts }: Settings): Control {
  const [label, next] =
    receipts === null
      ? ["Show what I learnt everywhere", true]
      : receipts
        ? ["Show nowhere what I learnt", false]
        : ["Show what I learnt in private chats", null];
  return { kind: "button", label, action: ACTIONS.receipts, data: { receipts: next } };
}

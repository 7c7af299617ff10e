import { z } from "zod";
import type { GuildAccess } from "../../core/guild-access.ts";
import type { Settings, SettingsHolder, SettingsStore } from "../../core/settings.ts";
import type { GuildLog } from "../guild-log.ts";
import type { Modes } from "../modes.ts";
import { changeSettings, setMode, type SettingsDeps } from "./change-settings.ts";
import {
  defineAction,
  defineFormAction,
  type Action,
  type ActionOutcome,
  type Pressed,
} from "./define-action.ts";
import { defineCommand, defineGroup, type CommandContext } from "./define-command.ts";
import { chooseLogChannel } from "./log-channel.ts";
import { refusalFor } from "./places.ts";
import { roleBudgets } from "./role-budgets.ts";
import { FIELD_NAMES, FIELDS } from "./settings-fields.ts";
import { ACTIONS, panel } from "./settings-panel.ts";
import {
  toolRuleActions,
  toolRuleList,
  toolRulesCommand,
  type ToolRuleDeps,
} from "./tool-rules.ts";

export interface PanelDeps extends SettingsDeps, ToolRuleDeps {
  readonly settings: Pick<SettingsStore, "of" | "change" | "setRoleUsd">;
  readonly guildLog: Pick<GuildLog, "tell" | "try">;
  readonly modes: Pick<Modes, "all" | "set">;
  readonly access: GuildAccess;
}

const about = z.object({ holder: z.enum(["person", "channel", "guild"]) });
const aboutField = about.extend({ field: z.enum(FIELD_NAMES) });
const tier = z.enum(["high", "mid", "low", "auto", "default"]);
const onOff = z.enum(["on", "off", "default"]);
const remindersTo = z.enum(["here", "dm", "default"]);
const shown = z.object({ receipts: z.boolean().nullable() });
const mode = z.enum(["mention", "active", "off"]);

/** `/settings`: one panel for each person, and for a channel and a server one for those who keep them. */
export const settingsGroup = (deps: PanelDeps) =>
  defineGroup({
    name: "settings",
    offer: "anywhere",
    description: "How I answer: tier, language, time zone, personality, budget, tools",
    commands: [
      panelCommand(deps, "me", "How I answer you", "person"),
      panelCommand(deps, "channel", "How I answer in this channel", "channel"),
      panelCommand(deps, "server", "How I answer in this server", "guild"),
      toolRulesCommand(deps),
      roleBudgets(deps),
    ],
    actions: [
      choice(deps, ACTIONS.tier, (chosen) => {
        const value = tier.parse(chosen);
        return {
          tier: value === "auto" || value === "default" ? null : value,
          autoTier: value === "default" ? null : value === "auto",
        };
      }),
      choice(deps, ACTIONS.buttons, (chosen) => {
        const value = onOff.parse(chosen);
        return { answerButtons: value === "default" ? null : value === "on" };
      }),
      choice(deps, ACTIONS.reminders, (chosen) => {
        const value = remindersTo.parse(chosen);
        return { remindersTo: value === "default" ? null : value };
      }),
      defineAction({
        name: ACTIONS.receipts,
        run: ({ data }, context) => change(deps, context, "person", shown.parse(data)),
      }),
      openField,
      writeField(deps),
      chooseMode(deps),
      setLogChannel(deps),
      defineAction({
        name: ACTIONS.noLog,
        run: (_, context) => change(deps, context, "guild", { logChannelId: null }),
      }),
      defineAction({
        name: ACTIONS.tools,
        run: async (_, context) => ({ kind: "whisper", reply: await toolRuleList(deps, context) }),
      }),
      ...toolRuleActions(deps),
    ],
  });

const panelCommand = (deps: PanelDeps, name: string, description: string, holder: SettingsHolder) =>
  defineCommand({
    name,
    description,
    options: [],
    run: async (_, context) => refusalFor(holder, context) ?? panel(deps, context, holder),
  });

/** A select whose value becomes a change. */
const choice = (
  deps: PanelDeps,
  name: string,
  read: (value: string | undefined) => Partial<Settings>,
): Action =>
  defineAction({
    name,
    run: async ({ data, values }: Pressed, context) =>
      change(deps, context, about.parse(data).holder, read(values[0])),
  });

const openField = defineFormAction({
  name: ACTIONS.open,
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
      action: ACTIONS.write,
      data,
    };
  },
});

const writeField = (deps: PanelDeps) =>
  defineAction({
    name: ACTIONS.write,
    async run({ data, fields }, context) {
      const { holder, field } = aboutField.parse(data);
      const text = (fields["value"] ?? "").trim();
      if (text === "") return change(deps, context, holder, { [field]: null });
      const read = FIELDS[field].read(text);
      return "problem" in read ? whisper(read.problem) : change(deps, context, holder, read.change);
    },
  });

const chooseMode = (deps: PanelDeps) =>
  defineAction({
    name: ACTIONS.mode,
    async run({ values }, context) {
      const refusal = refusalFor("channel", context);
      if (refusal !== null) return whisper(refusal);
      const line = await setMode(deps, context, mode.parse(values[0]));
      return { kind: "replace", reply: await panel(deps, context, "channel", [line]) };
    },
  });

const setLogChannel = (deps: PanelDeps) =>
  defineAction({
    name: ACTIONS.log,
    async run({ values }, context) {
      const refusal = refusalFor("guild", context);
      if (refusal !== null) return whisper(refusal);
      const problem = await chooseLogChannel(deps, context, values[0] ?? "");
      if (problem !== null) return whisper(problem);
      return change(deps, context, "guild", { logChannelId: values[0] ?? null });
    },
  });

async function change(
  deps: PanelDeps,
  context: CommandContext,
  holder: SettingsHolder,
  values: Partial<Settings>,
): Promise<ActionOutcome> {
  // Checked at every press: who opened a panel may have lost his role since.
  const refusal = refusalFor(holder, context);
  if (refusal !== null) return whisper(refusal);
  const lines = await changeSettings(deps, context, holder, values);
  return { kind: "replace", reply: await panel(deps, context, holder, lines) };
}

const whisper = (text: string): ActionOutcome => ({ kind: "whisper", reply: { text } });

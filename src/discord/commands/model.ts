import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { z } from "zod";
import type { Tier } from "../../core/model.ts";
import type { Settings, SettingsHolder } from "../../core/settings.ts";
import { changeSettings, type SettingsDeps } from "./change-settings.ts";
import { defineCommand, defineGroup, type CommandContext } from "./define-command.ts";
import { FOR, holderIn, NAMES } from "./places.ts";
import { tierHere, TIERS, type TierDeps } from "./tier-here.ts";

interface Deps extends SettingsDeps, Pick<TierDeps, "defaults"> {
  /** By tier, for example `anthropic/claude-sonnet-4-5`. */
  readonly models: () => Readonly<Record<Tier, string>>;
}

const tier = z.enum([...TIERS, "default"]);
const auto = z.enum(["on", "off", "default"]);
const choices = (names: readonly string[]) => names.map((name) => ({ name, value: name }));

/** `/model`: which model answers, for a person, a channel or a server. */
export const modelGroup = (deps: Deps) =>
  defineGroup({
    name: "model",
    offer: "anywhere",
    description: "Which model answers",
    commands: [status(deps), tierCommand(deps), autoCommand(deps)],
  });

const status = (deps: Deps) =>
  defineCommand({
    name: "status",
    description: "Which model answers you here, and who says so",
    options: [],
    async run(_, context) {
      const { tier: now, isAuto, set } = await tierHere(deps, context);
      const names = deps.models();
      return [
        isAuto
          ? "For each question a small call chooses the tier."
          : `Your questions here go to **${now}**: \`${names[now]}\`.`,
        ...HOLDERS.flatMap((holder) => said(holder, set[holder])),
        ...TIERS.map((each) => `- \`!${each}\` before a question: \`${names[each]}\``),
      ].join("\n");
    },
  });

const HOLDERS: readonly SettingsHolder[] = ["person", "channel", "guild"];

const said = (holder: SettingsHolder, { tier: chosen, autoTier }: Settings): readonly string[] => [
  ...(chosen === null ? [] : [`- Set for ${NAMES[holder]}: ${chosen}`]),
  ...(autoTier === null
    ? []
    : [`- Set for ${NAMES[holder]}: automatic ${autoTier ? "on" : "off"}`]),
];

const tierCommand = (deps: Deps) =>
  defineCommand({
    name: "tier",
    description: "Set the tier that answers when a question names none",
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: "tier",
        description: "default: as if it had never been set",
        required: true,
        choices: choices(tier.options),
      },
      FOR,
    ],
    async run(input, context) {
      const chosen = tier.safeParse(input["tier"]);
      if (!chosen.success) return "There are three tiers: high, mid and low.";
      const value = chosen.data === "default" ? null : chosen.data;
      const change = value === null ? { tier: null } : { tier: value, autoTier: false };
      return set(
        deps,
        input,
        context,
        change,
        value === null ? "no tier of its own" : `**${value}**`,
      );
    },
  });

const autoCommand = (deps: Deps) =>
  defineCommand({
    name: "auto",
    description: "Let a small call choose the tier of each question, or not",
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: "auto",
        description: "default: as if it had never been set",
        required: true,
        choices: choices(auto.options),
      },
      FOR,
    ],
    async run(input, context) {
      const chosen = auto.safeParse(input["auto"]);
      if (!chosen.success) return "It is on, off or default.";
      const value = chosen.data === "default" ? null : chosen.data === "on";
      const change = value === true ? { autoTier: true, tier: null } : { autoTier: value };
      return set(deps, input, context, change, `automatic ${chosen.data}`);
    },
  });

async function set(
  deps: SettingsDeps,
  input: Readonly<Record<string, string>>,
  context: CommandContext,
  change: Partial<Settings>,
  what: string,
): Promise<string> {
  const wanted = holderIn(input, context);
  if ("refusal" in wanted) return wanted.refusal;
  const lines = await changeSettings(deps, context, wanted.holder, change);
  return [`Set for ${NAMES[wanted.holder]}: ${what}.`, ...lines.map((line) => `-# ${line}`)].join(
    "\n",
  );
}

import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
} from "discord-api-types/v10";
import type { SettingsHolder } from "../../core/settings.ts";
import type { BudgetLimit } from "../../core/stores.ts";
import { WORDS } from "../words.ts";
import type { CommandContext, CommandInput } from "./define-command.ts";

/** The option that says for whom something is set. */
export const FOR: APIApplicationCommandBasicOption = {
  type: ApplicationCommandOptionType.String,
  name: "for",
  description: "Left out: for you, wherever you talk to me",
  required: false,
  choices: [
    { name: "me", value: "person" },
    { name: "this channel", value: "channel" },
    { name: "this server", value: "guild" },
  ],
};

const HOLDERS: readonly SettingsHolder[] = ["person", "channel", "guild"];

export const NAMES: Readonly<Record<SettingsHolder, string>> = {
  person: "you",
  channel: "this channel",
  guild: "this server",
};

/** Why this person may not set it, or see what it costs; null when he may. Everybody keeps his own. */
export function refusalFor(
  holder: SettingsHolder,
  { conversation, isChannelManager, isGuildAdmin }: CommandContext,
): string | null {
  if (holder === "person") return null;
  if (conversation.guildId === null) return WORDS.serversOnly;
  if (holder === "channel") return isChannelManager ? null : WORDS.managersOnly;
  return isGuildAdmin ? null : WORDS.adminsOnly;
}

/** For whom, if this person may set it; otherwise why not. */
export function holderIn(
  input: CommandInput,
  context: CommandContext,
): { readonly holder: SettingsHolder } | { readonly refusal: string } {
  const holder = HOLDERS.find((each) => each === (input["for"] ?? "person"));
  if (holder === undefined) return { refusal: "It is for me, this channel or this server." };
  const refusal = refusalFor(holder, context);
  return refusal === null ? { holder } : { refusal };
}

/** His own figures are everybody's to know, those of a place its keepers', and all of them the operator's. */
export function mayKnowBudget(
  { holder }: Pick<BudgetLimit, "holder">,
  { isChannelManager, isGuildAdmin, isOperator }: CommandContext,
): boolean {
  switch (holder) {
    case "person":
    case "member":
      return true;
    case "channel":
      return isChannelManager || isOperator;
    case "guild":
      return isGuildAdmin || isOperator;
    case "everyone":
    case "schedule":
      return isOperator;
  }
}

import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
} from "discord-api-types/v10";
import type { SettingsHolder } from "../../core/settings.ts";
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

/** For whom, if this person may set it; otherwise why not. Everybody sets his own. */
export function holderIn(
  input: CommandInput,
  { conversation, isChannelManager, isGuildAdmin }: CommandContext,
): { readonly holder: SettingsHolder } | { readonly refusal: string } {
  const holder = HOLDERS.find((each) => each === (input["for"] ?? "person"));
  if (holder === undefined) return { refusal: "It is for me, this channel or this server." };
  if (holder !== "person" && conversation.guildId === null) return { refusal: WORDS.serversOnly };
  if (holder === "channel" && !isChannelManager) return { refusal: WORDS.managersOnly };
  if (holder === "guild" && !isGuildAdmin) return { refusal: WORDS.adminsOnly };
  return { holder };
}

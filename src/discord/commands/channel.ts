import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { z } from "zod";
import type { ChannelMode } from "../../core/stores.ts";
import type { Modes } from "../modes.ts";
import { modeOf } from "../gate.ts";
import { WORDS } from "../words.ts";
import { defineCommand } from "./define-command.ts";

const MEANING: Readonly<Record<ChannelMode, string>> = {
  mention: "I answer when somebody mentions me or replies to me.",
  active: "I answer everything that is said here.",
  off: "I say nothing here.",
};

const mode = z.enum(["mention", "active", "off"]);

/** `/clara channel`: shows what Clara does in this channel, or changes it. */
export const channel = (deps: { readonly modes: Modes }) =>
  defineCommand({
    name: "channel",
    description: "What I do in this channel: answer mentions, answer everything, or nothing",
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: "mode",
        description: "Leave it out to see how it is now",
        required: false,
        choices: [
          { name: "mention: answer mentions and replies", value: "mention" },
          { name: "active: answer everything", value: "active" },
          { name: "off: say nothing", value: "off" },
        ],
      },
    ],
    async run(input, { scope, conversation, isChannelManager }) {
      if (conversation.guildId === null) return WORDS.serversOnly;
      const wanted = input["mode"];
      if (wanted === undefined) {
        const now = modeOf(deps.modes.all(), conversation);
        return `This channel is set to **${now}**. ${MEANING[now]}`;
      }
      if (!isChannelManager) return WORDS.managersOnly;
      const chosen = mode.safeParse(wanted);
      if (!chosen.success) return "There are three modes: mention, active and off.";
      await deps.modes.set(scope, conversation.channelId, chosen.data);
      return `This channel is set to **${chosen.data}** now. ${MEANING[chosen.data]}`;
    },
  });

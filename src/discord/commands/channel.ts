import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { z } from "zod";
import type { GuildId } from "../../core/ids.ts";
import type { ChannelMode } from "../../core/stores.ts";
import { modeOf } from "../gate.ts";
import type { GuildLog } from "../guild-log.ts";
import type { Modes } from "../modes.ts";
import type { Places } from "../places.ts";
import { snowflakeOf } from "../snowflake.ts";
import { WORDS } from "../words.ts";
import { setMode } from "./change-settings.ts";
import { defineCommand } from "./define-command.ts";

/** What a mode means, as Clara says it. */
export const MEANING: Readonly<Record<ChannelMode, string>> = {
  mention: "I answer when somebody mentions me or replies to me.",
  active: "I answer everything that is said here.",
  off: "I say nothing here.",
};

const mode = z.enum(["mention", "active", "off"]);

/** Channels that are listed; a server may have hundreds. */
const MAX_LISTED = 50;

interface Deps {
  readonly modes: Pick<Modes, "all" | "set">;
  readonly places: Pick<Places, "isInGuild">;
  readonly guildLog: Pick<GuildLog, "tell">;
}

/** `/clara channel`: shows what Clara does in this channel, or changes it. */
export const channel = (deps: Deps) =>
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
    async run(input, context) {
      const { conversation, isChannelManager } = context;
      if (conversation.guildId === null) return WORDS.serversOnly;
      const wanted = input["mode"];
      if (wanted === undefined) {
        const now = modeOf(deps.modes.all(), conversation);
        const here = `This channel is set to **${now}**. ${MEANING[now]}`;
        return [here, ...listed(deps, conversation.guildId)].join("\n");
      }
      if (!isChannelManager) return WORDS.managersOnly;
      const chosen = mode.safeParse(wanted);
      if (!chosen.success) return "There are three modes: mention, active and off.";
      const line = await setMode(deps, context, chosen.data);
      return `This channel is set to **${chosen.data}** now. ${MEANING[chosen.data]}\n-# ${line}`;
    },
  });

/** The channels of this server that were set, as links: Discord shows each reader only the names that he may know. */
function listed({ modes, places }: Deps, guildId: GuildId): readonly string[] {
  const set = [...modes.all()].filter(([id]) => places.isInGuild(id, snowflakeOf(guildId)));
  return set.slice(0, MAX_LISTED).map(([id, wanted]) => `- <#${id}>: ${wanted}`);
}

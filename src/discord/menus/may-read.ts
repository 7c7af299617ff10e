import type { Conversation } from "../../core/message.ts";
import type { CommandContext } from "../commands/define-command.ts";
import { mayRead } from "../permissions.ts";
import { snowflakeOf } from "../snowflake.ts";
import type { Where } from "./read-lines.ts";

/** With the rights that Discord named with this very interaction. A private place has none to name. */
export const mayReadHistory = ({ scope, conversation }: CommandContext): boolean =>
  conversation.guildId === null || mayRead(scope.principal.permissions);

export const whereOf = ({ channelId, guildId }: Conversation): Where => ({
  channelId,
  guildId: guildId === null ? null : snowflakeOf(guildId),
});

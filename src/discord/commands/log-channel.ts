import type { GuildAccess } from "../../core/guild-access.ts";
import type { GuildLog } from "../guild-log.ts";
import { WORDS } from "../words.ts";
import type { CommandContext } from "./define-command.ts";

interface Deps {
  readonly access: GuildAccess;
  readonly guildLog: Pick<GuildLog, "try">;
}

const HELLO =
  "-# From now on I tell here what the admins of this server should know: settings that were changed and by whom, what was approved, budgets that were reached, channels where I lack rights. Never what people said.";

/**
 * Says hello in the channel, so that it is known to work. null when it does; otherwise why not, for the admin. He must see
 * the channel himself: what Discord lists in a select may be forged.
 */
export async function chooseLogChannel(
  { access, guildLog }: Deps,
  { scope, conversation, signal }: CommandContext,
  channelId: string,
): Promise<string | null> {
  const { guildId } = conversation;
  if (guildId === null) return WORDS.serversOnly;
  const standing = await access.standing(scope.principal, signal);
  const isSeen = standing?.places.some((place) => place.conversation.channelId === channelId);
  if (isSeen !== true) return "That is no text channel of this server that you can see.";
  const said = await guildLog.try(guildId, channelId, HELLO, signal);
  return said.kind === "posted"
    ? null
    : `I cannot write in <#${channelId}>. Give me "View Channel" and "Send Messages" there, then choose it again. Nothing was changed.`;
}

import { RESTJSONErrorCodes as Code } from "discord-api-types/v10";
import type { Outlet, Sent, TurnWatcher } from "../core/outlet.ts";
import type { Conversation } from "../core/message.ts";
import type { GuildLog } from "./guild-log.ts";

/** Refusals that an admin can do something about, as the outlet names them. */
const RIGHTS: ReadonlySet<string> = new Set([
  `discord-${Code.MissingAccess}`,
  `discord-${Code.MissingPermissions}`,
]);

/** The outlet, which tells the server's admins of channels where Clara may not answer. */
export function tellingOfRefusals(outlet: Outlet, guildLog: Pick<GuildLog, "tellOnce">): Outlet {
  const note = ({ guildId, channelId }: Conversation, sent: Sent): Sent => {
    if (sent.kind === "undeliverable" && RIGHTS.has(sent.reason))
      guildLog.tellOnce(
        guildId,
        `⚠️ I could not answer in <#${channelId}>: I lack "View Channel" or "Send Messages" there.`,
      );
    return sent;
  };
  return {
    ...outlet,
    send: async (place, part, signal) => note(place, await outlet.send(place, part, signal)),
    edit: async (place, messageId, part, signal) =>
      note(place, await outlet.edit(place, messageId, part, signal)),
  };
}

/** Tells the server's admins where a budget was used up. Whose it is stands in the answer that was not given. */
export const tellingOfBudgets =
  (guildLog: Pick<GuildLog, "tellOnce">): TurnWatcher =>
  ({ guildId, channelId }, _, event) => {
    if (event.type === "turn-end" && event.detail === "over-budget")
      guildLog.tellOnce(
        guildId,
        `💛 A budget is used up: I gave no answer in <#${channelId}>. \`/usage\` shows what was spent.`,
      );
  };

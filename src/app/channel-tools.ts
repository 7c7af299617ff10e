import { randomUUID } from "node:crypto";
import type { ChannelPosts } from "../core/channel-posts.ts";
import type { GuildAccess } from "../core/guild-access.ts";
import type { Tool } from "../core/tool.ts";
import type { Store } from "../store/index.ts";
import { searchChatHistory } from "../tools/channels/search-history.ts";
import { createPoll, sendMessageToChannel } from "../tools/channels/send-message.ts";

/** Tools for other channels of a server. */
export function channelTools(
  { history }: Pick<Store, "history">,
  given: { readonly access: GuildAccess; readonly posts: ChannelPosts },
): readonly Tool[] {
  const deps = { ...given, history, createId: randomUUID };
  return [sendMessageToChannel(deps), createPoll(deps), searchChatHistory(deps)];
}

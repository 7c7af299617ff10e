import { createHash } from "node:crypto";
import { conversationId } from "../../core/ids.ts";
import type { Conversation } from "../../core/message.ts";
import type { Scope } from "../../core/principal.ts";

/** Where a person's programs talk with Clara: one place for each person, that nobody else reads. */
export function ownConversation({ principal, audience }: Scope): Conversation {
  const key = createHash("sha256").update(principal.userId).digest("hex").slice(0, 32);
  const id = `web:mcp-${key}`;
  return {
    id: conversationId(id),
    platform: "web",
    kind: "local",
    guildId: null,
    channelId: id,
    parentId: null,
    title: "Own programs (MCP)",
    audience,
  };
}

import type { ConversationId } from "../core/ids.ts";
import { userId } from "../core/ids.ts";
import type { Conversation } from "../core/message.ts";
import type { Principal, Scope } from "../core/principal.ts";

/**
 * Who sits at this machine's browser. There is one such person, without a sign-in: the playground is only served to
 * the machine itself, and whoever can open a page there is taken for its owner.
 */
const localPerson: Principal = {
  platform: "web",
  userId: userId("web:local"),
  displayName: "Guest",
  guildId: null,
  roleIds: [],
  permissions: 0n,
  via: "playground",
};

export const localScope: Scope = {
  principal: localPerson,
  audience: { kind: "private", userId: localPerson.userId },
};

/** One tab of the playground. */
export const localConversation = (id: ConversationId): Conversation => ({
  id,
  platform: "web",
  kind: "local",
  guildId: null,
  channelId: id,
  parentId: null,
  title: "Playground",
  audience: localScope.audience,
});

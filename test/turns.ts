import { conversationId, messageId, turnIdOf, userId } from "../src/core/ids.ts";
import type { Conversation } from "../src/core/message.ts";
import type { Principal, Scope } from "../src/core/principal.ts";
import type { Turn } from "../src/core/turn.ts";

export const principal = (name: string, change: Partial<Principal> = {}): Principal => ({
  platform: "discord",
  userId: userId(`discord:${name}`),
  displayName: name,
  guildId: null,
  roleIds: [],
  permissions: 0n,
  via: "message",
  ...change,
});

/** A DM with this person. */
export const dmWith = (name: string): Conversation => ({
  id: conversationId(`discord:channel:dm-${name}`),
  platform: "discord",
  kind: "dm",
  guildId: null,
  channelId: `dm-${name}`,
  parentId: null,
  title: name,
  audience: { kind: "private", userId: userId(`discord:${name}`) },
});

const scopeOf = (name: string): Scope => ({
  principal: principal(name),
  audience: dmWith(name).audience,
});

/** A claimed turn of ana's DM. */
export const turnOf = (change: Partial<Turn> = {}): Turn => ({
  id: turnIdOf(messageId("discord:1")),
  conversation: dmWith("ana"),
  scope: scopeOf("ana"),
  triggerId: messageId("discord:1"),
  absorbed: [],
  trigger: "dm",
  tier: null,
  revision: 0,
  generation: 1,
  claims: 1,
  queuedAt: new Date("2026-11-24T12:00:00Z"),
  waitedMs: 0,
  ...change,
});

import type { ChannelType } from "discord-api-types/v10";
import { toConversation } from "../src/discord/conversation.ts";
import type { Arrival, Place } from "../src/discord/incoming.ts";
import { toArrival } from "../src/discord/incoming.ts";
import { wireMessage, type WireMessage } from "../src/discord/wire.ts";

/** Clara, as the tests of the incoming half know her. */
export const clara = { userId: "1100", name: "Clara" };
export const ana = { id: "2001", username: "ana" };
export const ben = { id: "2002", username: "ben" };
export const guildId = "5001";
export const channelId = "6001";

const ID = "1439000000000000000";

/** What Discord sends for a message in #general, as we read it. */
export const messageOf = (change: object = {}): WireMessage =>
  wireMessage.parse({
    id: ID,
    channel_id: channelId,
    guild_id: guildId,
    type: 0,
    author: ana,
    member: { roles: [] },
    content: "Hello",
    ...change,
  });

export const dmOf = (change: object = {}): WireMessage =>
  messageOf({ guild_id: undefined, member: undefined, channel_type: 1, ...change });

interface PlaceChange {
  readonly type?: ChannelType;
  readonly parentId?: string | null;
  readonly id?: string;
  readonly isDm?: boolean;
  readonly permissions?: bigint;
}

/** A place of the guild with a role for Clara (7001), "Staff" (7002) and a channel "music" (6002). */
export function placeOf({
  id = channelId,
  type = 0,
  parentId = null,
  ...more
}: PlaceChange = {}): Place {
  const isDm = more.isDm === true;
  const facts = {
    id,
    type: isDm ? 1 : type,
    guildId: isDm ? null : guildId,
    parentId,
    name: "general",
  };
  return {
    conversation: toConversation(facts, ana.id),
    ownRoleId: isDm ? null : "7001",
    roleName: (roleId) => (roleId === "7002" ? "Staff" : null),
    channelName: (other) => (other === "6002" ? "music" : null),
    permissionsOf: () => more.permissions ?? 0n,
  };
}

/** The message as it comes to the gate. */
export const arrivalOf = (message: WireMessage, place: Place = placeOf()): Arrival =>
  toArrival(message, place, clara, new Date("2025-11-15T12:00:00Z"));

/** A mention of Clara, as her friends write it. */
export const calling = (content: string, change: object = {}): WireMessage =>
  messageOf({
    content: `<@${clara.userId}> ${content}`,
    mentions: [{ id: clara.userId, username: "Clara", bot: true }],
    ...change,
  });

/** A reply to something that she said. */
export const replying = (content: string, change: object = {}): WireMessage =>
  messageOf({
    type: 19,
    content,
    message_reference: { type: 0, message_id: "1438" },
    referenced_message: { author: { id: clara.userId, username: "Clara" } },
    ...change,
  });

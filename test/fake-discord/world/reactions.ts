import { MessageType } from "discord-api-types/v10";

import { isoOrNull, toApiMember } from "../payloads/guild.ts";
import { toApiEmoji } from "../payloads/message.ts";
import { addMessage } from "./add-message.ts";
import { archivedThread, missingPermissions } from "./errors.ts";
import type { Channel, JsonObject, Message, User } from "./model.ts";
import { requirePermission } from "./permissions.ts";
import type { World } from "./world.ts";

/** Adds one person's reaction; a second time changes nothing. A new emoji needs ADD_REACTIONS. */
export function addReaction(world: World, user: User, message: Message, emoji: string): void {
  const channel = world.channel(message.channelId);
  requirePermission(world, user.id, channel, "ReadMessageHistory");
  if (channel.thread?.archived) throw archivedThread();
  let reaction = message.reactions.find((known) => known.emoji === emoji);
  if (!reaction) {
    requirePermission(world, user.id, channel, "AddReactions");
    reaction = { emoji, userIds: [] };
    message.reactions.push(reaction);
  }
  if (reaction.userIds.includes(user.id)) return;
  reaction.userIds.push(user.id);
  announce(world, "MESSAGE_REACTION_ADD", message, {
    user_id: user.id,
    emoji: toApiEmoji(emoji),
    message_author_id: message.author.id,
    burst: false,
    type: 0,
    ...memberOf(world, user, message),
  });
}

/** Takes back one's own reaction, or with MANAGE_MESSAGES another's. */
export function removeReaction(
  world: World,
  actor: User,
  message: Message,
  { emoji, user = actor }: { readonly emoji: string; readonly user?: User },
): void {
  if (user !== actor) requireModerator(world, actor, message);
  const reaction = message.reactions.find((known) => known.emoji === emoji);
  const position = reaction?.userIds.indexOf(user.id) ?? -1;
  if (!reaction || position < 0) return;
  reaction.userIds.splice(position, 1);
  if (reaction.userIds.length === 0)
    message.reactions.splice(message.reactions.indexOf(reaction), 1);
  announce(world, "MESSAGE_REACTION_REMOVE", message, {
    user_id: user.id,
    emoji: toApiEmoji(emoji),
    burst: false,
    type: 0,
  });
}

/** Takes away all reactions, or all of one emoji. */
export function clearReactions(world: World, actor: User, message: Message, emoji?: string): void {
  requireModerator(world, actor, message);
  message.reactions =
    emoji === undefined ? [] : message.reactions.filter((one) => one.emoji !== emoji);
  if (emoji === undefined) announce(world, "MESSAGE_REACTION_REMOVE_ALL", message, {});
  else announce(world, "MESSAGE_REACTION_REMOVE_EMOJI", message, { emoji: toApiEmoji(emoji) });
}

/** Pins or unpins, and says so in the channel's events. */
export function setPinned(world: World, actor: User, message: Message, pinned: boolean): void {
  const channel = world.channel(message.channelId);
  requirePermission(world, actor.id, channel, "PinMessages");
  const now = world.now();
  message.pinnedAt = pinned ? now : null;
  if (pinned) channel.lastPinAt = now;
  world.emit({
    t: "CHANNEL_PINS_UPDATE",
    d: {
      channel_id: channel.id,
      last_pin_timestamp: isoOrNull(channel.lastPinAt),
      ...(channel.guildId ? { guild_id: channel.guildId } : {}),
    },
    guildId: channel.guildId,
    channelId: channel.id,
  });
  if (pinned) tellOfPin(world, actor, channel, message);
}

function tellOfPin(world: World, author: User, channel: Channel, message: Message): void {
  const { id: messageId, channelId, guildId } = message;
  addMessage(world, {
    author,
    channel,
    draft: { content: "", enforceNonce: false },
    type: MessageType.ChannelPinnedMessage,
    reference: { messageId, channelId, guildId, type: 0 },
  });
}

function requireModerator(world: World, actor: User, message: Message): void {
  const channel = world.channel(message.channelId);
  if (channel.guildId === null) throw missingPermissions();
  requirePermission(world, actor.id, channel, "ManageMessages");
}

function memberOf(world: World, user: User, message: Message): JsonObject {
  const member = message.guildId && world.guild(message.guildId).members.get(user.id);
  return member ? { member: toApiMember(member) } : {};
}

function announce(world: World, t: string, message: Message, extra: JsonObject): void {
  const { id, channelId, guildId } = message;
  world.emit({
    t,
    d: {
      message_id: id,
      channel_id: channelId,
      ...(guildId ? { guild_id: guildId } : {}),
      ...extra,
    },
    guildId,
    channelId,
  });
}

import { ChannelType } from "discord-api-types/v10";

import { Form, textOf } from "../forms/form.ts";
import { toApiChannel, toApiThreadMember } from "../payloads/guild.ts";
import type { Channel, JsonObject, Snowflake, User } from "./model.ts";
import { type World, newChannel } from "./world.ts";

const MAX_NAME = 100;

export interface NewThread {
  readonly parent: Channel;
  readonly owner: User;
  readonly name: string;
  readonly type?: ChannelType;
  /** Threads from a message, and forum posts, share their first message's id. */
  readonly id?: Snowflake;
  readonly appliedTagIds?: readonly string[];
  readonly autoArchiveMinutes?: number;
}

/** Opens a thread and tells the guild; the owner is in it from the start. */
export function openThread(world: World, given: NewThread): Channel {
  const { parent, owner } = given;
  const createdAt = world.now();
  const thread = newChannel({
    id: given.id ?? world.nextId(),
    type: given.type ?? ChannelType.PublicThread,
    guildId: parent.guildId,
    name: given.name,
    createdAt,
    parentId: parent.id,
    appliedTagIds: [...(given.appliedTagIds ?? [])],
    thread: {
      ownerId: owner.id,
      memberIds: new Set([owner.id]),
      archived: false,
      locked: false,
      invitable: true,
      autoArchiveMinutes: given.autoArchiveMinutes ?? 4320,
      archivedAt: createdAt,
      totalMessages: 0,
    },
  });
  world.channels.set(thread.id, thread);
  emitThread(world, "THREAD_CREATE", thread, { newly_created: true });
  return thread;
}

export function setArchived(world: World, channel: Channel, archived: boolean): void {
  if (!channel.thread || channel.thread.archived === archived) return;
  channel.thread.archived = archived;
  channel.thread.archivedAt = world.now();
  emitThread(world, "THREAD_UPDATE", channel);
}

export function joinThread(world: World, channel: Channel, userId: Snowflake): void {
  if (!channel.thread || channel.thread.memberIds.has(userId)) return;
  channel.thread.memberIds.add(userId);
  // Whoever is let into a private thread learns of it only now.
  if (userId === world.bot.id) emitThread(world, "THREAD_CREATE", channel);
  emitMembers(world, channel, {
    added_members: [toApiThreadMember(channel, userId)],
    removed_member_ids: [],
  });
}

export function leaveThread(world: World, channel: Channel, userId: Snowflake): void {
  if (!channel.thread?.memberIds.delete(userId)) return;
  emitMembers(world, channel, { added_members: [], removed_member_ids: [userId] });
}

export function emitThread(
  world: World,
  t: string,
  channel: Channel,
  extra: JsonObject = {},
): void {
  world.emit({
    t,
    d: { ...toApiChannel(channel, world.bot.id), ...extra },
    guildId: channel.guildId,
    channelId: channel.id,
  });
}

export function readThreadName(body: JsonObject): string {
  const form = new Form();
  form.required("name", body["name"]);
  form.text("name", body["name"], { min: 1, max: MAX_NAME });
  form.finish();
  return textOf(body["name"]) ?? "";
}

function emitMembers(world: World, channel: Channel, change: JsonObject): void {
  const { id, guildId: guild_id } = channel;
  world.emit({
    t: "THREAD_MEMBERS_UPDATE",
    d: { id, guild_id, member_count: channel.thread?.memberIds.size, ...change },
    guildId: channel.guildId,
    channelId: channel.id,
  });
}

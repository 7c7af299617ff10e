import { ChannelType } from "discord-api-types/v10";

import { isObject, numberOf } from "../forms/form.ts";
import { toApiChannel, toApiThreadMember } from "../payloads/guild.ts";
import { toApiMessage } from "../payloads/message.ts";
import { archivedThread, unknownMember } from "../world/errors.ts";
import type { Channel, JsonObject } from "../world/model.ts";
import { can, requirePermission } from "../world/permissions.ts";
import { startPost, startThread, startThreadOn } from "../world/thread-start.ts";
import { joinThread, leaveThread, readThreadName } from "../world/threads.ts";
import type { World } from "../world/world.ts";
import {
  type RestReply,
  type RestRequest,
  type Route,
  created,
  noContent,
  ok,
  on,
} from "./route.ts";

const THREAD_TYPES: readonly unknown[] = [
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
];
const MEMBERS = "/channels/:channelId/thread-members";

export function threadRoutes(world: World): Route[] {
  const { bot } = world;
  const channelOf = (request: RestRequest): Channel => world.channel(request.param("channelId"));
  const openThreadOf = (request: RestRequest): Channel => {
    const channel = channelOf(request);
    requirePermission(world, bot.id, channel);
    if (channel.thread?.archived) throw archivedThread();
    return channel;
  };

  return [
    on("POST /channels/:channelId/messages/:messageId/threads", (request) => {
      const message = world.message(request.param("channelId"), request.param("messageId"));
      const thread = startThreadOn(world, message, bot, readThreadName(request.body));
      return created(toApiChannel(thread, bot.id));
    }),
    on("POST /channels/:channelId/threads", (request) => begin(world, channelOf(request), request)),

    on(`PUT ${MEMBERS}/@me`, (request) => {
      joinThread(world, openThreadOf(request), bot.id);
      return noContent();
    }),
    on(`DELETE ${MEMBERS}/@me`, (request) => {
      leaveThread(world, openThreadOf(request), bot.id);
      return noContent();
    }),
    on(`PUT ${MEMBERS}/:userId`, (request) => {
      joinThread(world, openThreadOf(request), world.user(request.param("userId")).id);
      return noContent();
    }),
    on(`DELETE ${MEMBERS}/:userId`, (request) => {
      requirePermission(world, bot.id, channelOf(request), "ManageThreads");
      leaveThread(world, openThreadOf(request), request.param("userId"));
      return noContent();
    }),
    on(`GET ${MEMBERS}/:userId`, (request) => {
      const channel = channelOf(request);
      requirePermission(world, bot.id, channel);
      const id = request.param("userId");
      if (!channel.thread?.memberIds.has(id)) throw unknownMember();
      return ok(toApiThreadMember(channel, id));
    }),
    on(`GET ${MEMBERS}`, (request) => {
      const channel = channelOf(request);
      return ok([...(channel.thread?.memberIds ?? [])].map((id) => toApiThreadMember(channel, id)));
    }),

    on("GET /guilds/:guildId/threads/active", (request) => {
      const all = world.channelsOf(request.param("guildId"));
      return ok(
        list(
          world,
          all.filter(({ thread }) => thread && !thread.archived),
        ),
      );
    }),
    on("GET /channels/:channelId/threads/archived/public", (request) =>
      ok(archived(world, channelOf(request), false)),
    ),
    on("GET /channels/:channelId/threads/archived/private", (request) => {
      requirePermission(world, bot.id, channelOf(request), "ManageThreads");
      return ok(archived(world, channelOf(request), true));
    }),
    on("GET /channels/:channelId/users/@me/threads/archived/private", (request) =>
      ok(archived(world, channelOf(request), true)),
    ),
  ];
}

function begin(world: World, parent: Channel, { body, files }: RestRequest): RestReply {
  const { bot } = world;
  const minutes = numberOf(body["auto_archive_duration"]);
  const given = {
    parent,
    owner: bot,
    name: readThreadName(body),
    ...(minutes === undefined ? {} : { autoArchiveMinutes: minutes }),
  };
  if (parent.type !== ChannelType.GuildForum) {
    const type = THREAD_TYPES.includes(body["type"])
      ? (body["type"] as ChannelType)
      : ChannelType.PrivateThread;
    return created(toApiChannel(startThread(world, { ...given, type }), bot.id));
  }
  const tags = Array.isArray(body["applied_tags"]) ? body["applied_tags"].map(String) : [];
  const first = isObject(body["message"]) ? body["message"] : {};
  const post = startPost(world, { ...given, appliedTagIds: tags }, { body: first, files });
  return created({
    ...toApiChannel(post.thread, bot.id),
    message: toApiMessage(world, post.message),
  });
}

function archived(world: World, parent: Channel, isPrivate: boolean): JsonObject {
  requirePermission(world, world.bot.id, parent, "ReadMessageHistory");
  const all = [...world.channels.values()].filter(
    ({ parentId, thread, type }) =>
      parentId === parent.id &&
      thread?.archived &&
      (type === ChannelType.PrivateThread) === isPrivate,
  );
  return { ...list(world, all), has_more: false };
}

function list(world: World, threads: readonly Channel[]): JsonObject {
  const visible = threads.filter((channel) => can(world, world.bot.id, channel, "ViewChannel"));
  const joined = visible.filter(({ thread }) => thread?.memberIds.has(world.bot.id));
  return {
    threads: visible.map((channel) => toApiChannel(channel, world.bot.id)),
    members: joined.map((channel) => toApiThreadMember(channel, world.bot.id)),
  };
}

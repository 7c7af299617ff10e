import { toApiUser } from "../payloads/guild.ts";
import { toApiMessage } from "../payloads/message.ts";
import { DiscordError, unknownEmoji } from "../world/errors.ts";
import type { Message } from "../world/model.ts";
import { requirePermission } from "../world/permissions.ts";
import { addReaction, clearReactions, removeReaction, setPinned } from "../world/reactions.ts";
import type { World } from "../world/world.ts";
import { readLimit } from "./messages.ts";
import { type RestRequest, type Route, noContent, ok, on } from "./route.ts";

const REACTIONS = "/channels/:channelId/messages/:messageId/reactions";
const MAX_PINS = 250;

export function reactionRoutes(world: World): Route[] {
  const { bot } = world;
  const messageOf = (request: RestRequest): Message => {
    requirePermission(world, bot.id, world.channel(request.param("channelId")));
    return world.message(request.param("channelId"), request.param("messageId"));
  };
  const pin = (request: RestRequest) => {
    const message = messageOf(request);
    const channel = world.channel(message.channelId);
    const pinned = [...channel.messages.values()].filter(({ pinnedAt }) => pinnedAt !== null);
    if (pinned.length >= MAX_PINS) {
      throw new DiscordError(400, 30_003, `Maximum number of pins reached (${MAX_PINS})`);
    }
    setPinned(world, bot, message, true);
    return noContent();
  };
  const unpin = (request: RestRequest) => {
    setPinned(world, bot, messageOf(request), false);
    return noContent();
  };
  const pins = (request: RestRequest) => {
    const channel = world.channel(request.param("channelId"));
    requirePermission(world, bot.id, channel, "ReadMessageHistory");
    return [...channel.messages.values()]
      .filter(({ pinnedAt }) => pinnedAt !== null)
      .sort((a, b) => (b.pinnedAt ?? 0) - (a.pinnedAt ?? 0));
  };

  return [
    on(`PUT ${REACTIONS}/:emoji/@me`, (request) => {
      addReaction(world, bot, messageOf(request), readEmoji(request));
      return noContent();
    }),
    on(`DELETE ${REACTIONS}/:emoji/@me`, (request) => {
      removeReaction(world, bot, messageOf(request), { emoji: readEmoji(request) });
      return noContent();
    }),
    on(`DELETE ${REACTIONS}/:emoji/:userId`, (request) => {
      const user = world.user(request.param("userId"));
      removeReaction(world, bot, messageOf(request), { emoji: readEmoji(request), user });
      return noContent();
    }),
    on(`GET ${REACTIONS}/:emoji`, (request) => {
      const emoji = readEmoji(request);
      const reaction = messageOf(request).reactions.find((one) => one.emoji === emoji);
      const limit = readLimit(request.query.get("limit"), 25, 100);
      return ok((reaction?.userIds ?? []).slice(0, limit).map((id) => toApiUser(world.user(id))));
    }),
    on(`DELETE ${REACTIONS}/:emoji`, (request) => {
      clearReactions(world, bot, messageOf(request), readEmoji(request));
      return noContent();
    }),
    on(`DELETE ${REACTIONS}`, (request) => {
      clearReactions(world, bot, messageOf(request));
      return noContent();
    }),

    // The routes of 2025, which discord.js 14.28 reads from, and the older ones, which it writes to.
    on("PUT /channels/:channelId/messages/pins/:messageId", pin),
    on("DELETE /channels/:channelId/messages/pins/:messageId", unpin),
    on("PUT /channels/:channelId/pins/:messageId", pin),
    on("DELETE /channels/:channelId/pins/:messageId", unpin),
    on("GET /channels/:channelId/messages/pins", (request) => {
      const items = pins(request).map((message) => ({
        pinned_at: new Date(message.pinnedAt ?? 0).toISOString(),
        message: toApiMessage(world, message),
      }));
      return ok({ items, has_more: false });
    }),
    on("GET /channels/:channelId/pins", (request) =>
      ok(pins(request).map((message) => toApiMessage(world, message))),
    ),
  ];
}

// In the path a custom emoji is `name:id`; anything made of letters alone is not an emoji.
function readEmoji(request: RestRequest): string {
  const emoji = request.param("emoji").replace(/^a:/, "");
  if (
    !/\p{Extended_Pictographic}|\p{Regional_Indicator}|^\w+:\d+$|[\d#*]\uFE0F?\u20E3/u.test(emoji)
  ) {
    throw unknownEmoji();
  }
  return emoji;
}

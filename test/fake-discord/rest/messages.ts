import { Form } from "../forms/form.ts";
import { withoutContent } from "../gateway/intents.ts";
import { toApiMessage } from "../payloads/message.ts";
import { deleteMessage, deleteMessages } from "../world/delete-message.ts";
import { editMessage } from "../world/edit-message.ts";
import { DiscordError, missingAccess } from "../world/errors.ts";
import type { Channel, JsonObject, Message } from "../world/model.ts";
import { can, requirePermission } from "../world/permissions.ts";
import { postMessage } from "../world/post-message.ts";
import { compareSnowflakes, isSnowflake, snowflakeTime } from "../world/snowflake.ts";
import { startTyping } from "../world/typing.ts";
import type { World } from "../world/world.ts";
import { type RestRequest, type Route, noContent, ok, on } from "./route.ts";

const TWO_WEEKS_MS = 14 * 24 * 60 * 60 * 1000;
const MESSAGES = "/channels/:channelId/messages";

export function messageRoutes(world: World): Route[] {
  const channelOf = (request: RestRequest) => world.channel(request.param("channelId"));
  const messageOf = (request: RestRequest) =>
    world.message(request.param("channelId"), request.param("messageId"));

  return [
    on(`GET ${MESSAGES}`, (request) => {
      const channel = channelOf(request);
      if (!can(world, world.bot.id, channel, "ViewChannel")) throw missingAccess();
      // Without this permission Discord does not complain: it shows an empty channel.
      if (!can(world, world.bot.id, channel, "ReadMessageHistory")) return ok([]);
      return ok(readPage(channel, request.query).map((message) => shown(world, message)));
    }),

    on(`GET ${MESSAGES}/:messageId`, (request) => {
      requirePermission(world, world.bot.id, channelOf(request), "ReadMessageHistory");
      return ok(shown(world, messageOf(request)));
    }),

    on(`POST ${MESSAGES}`, (request) => {
      const { body, files } = request;
      const message = postMessage(world, {
        author: world.bot,
        channel: channelOf(request),
        body,
        files,
      });
      return ok(toApiMessage(world, message, true));
    }),

    on(`PATCH ${MESSAGES}/:messageId`, (request) => {
      requirePermission(world, world.bot.id, channelOf(request));
      return ok(shown(world, editMessage(world, world.bot, messageOf(request), request)));
    }),

    on(`DELETE ${MESSAGES}/:messageId`, (request) => {
      requirePermission(world, world.bot.id, channelOf(request));
      deleteMessage(world, world.bot, messageOf(request));
      return noContent();
    }),

    on(`POST ${MESSAGES}/bulk-delete`, (request) => {
      const channel = channelOf(request);
      requirePermission(world, world.bot.id, channel, "ManageMessages");
      deleteMessages(world, channel, readBulk(world, request.body));
      return noContent();
    }),

    on("POST /channels/:channelId/typing", (request) => {
      startTyping(world, world.bot, channelOf(request));
      return noContent();
    }),
  ];
}

/** A message as the bot may read it over REST. */
export function shown(world: World, message: Message): JsonObject {
  const api = toApiMessage(world, message);
  const mayRead = world.options.messageContentAllowed || message.guildId === null;
  return mayRead ? api : withoutContent(world.bot.id, api);
}

// Newest first, whichever way was asked for; `after` picks the oldest ones that follow.
function readPage(channel: Channel, query: URLSearchParams): Message[] {
  const limit = readLimit(query.get("limit"), 50, 100);
  const all = [...channel.messages.values()].reverse();
  const older = (id: string) => all.filter((message) => compareSnowflakes(message.id, id) < 0);
  const newer = (id: string) => all.filter((message) => compareSnowflakes(message.id, id) > 0);

  const [before, after, around] = ["before", "after", "around"].map((key) => query.get(key));
  if (around) {
    const half = Math.floor(limit / 2);
    const itself = all.filter(({ id }) => id === around);
    return [...newer(around).slice(-half), ...itself, ...older(around).slice(0, half)];
  }
  if (before) return older(before).slice(0, limit);
  return after ? newer(after).slice(-limit) : all.slice(0, limit);
}

/** A `limit` from the query; out of range is 50035. */
export function readLimit(text: string | null, usual: number, max: number): number {
  if (text === null) return usual;
  const form = new Form();
  form.number("limit", Number(text), { min: 1, max });
  form.finish();
  return Number(text);
}

function readBulk(world: World, body: JsonObject): string[] {
  const ids = Array.isArray(body["messages"]) ? body["messages"].filter(isSnowflake) : [];
  if (ids.length < 2 || ids.length > 100) {
    const form = new Form();
    form.count("messages", ids.length, { min: 2, max: 100 });
    form.finish();
  }
  if (ids.some((id) => world.now() - snowflakeTime(id) > TWO_WEEKS_MS)) {
    throw new DiscordError(
      400,
      50_034,
      "You can only bulk delete messages that are under 14 days old.",
    );
  }
  return ids;
}

import { Form, numberOf, objects, textOf } from "../forms/form.ts";
import { toApiChannel } from "../payloads/guild.ts";
import { removeChannel, setOverwrite } from "../world/channels.ts";
import { archivedThread, missingPermissions } from "../world/errors.ts";
import type { Channel, JsonObject, Overwrite } from "../world/model.ts";
import { can, requirePermission } from "../world/permissions.ts";
import { emitThread, setArchived } from "../world/threads.ts";
import type { World } from "../world/world.ts";
import { type RestRequest, type Route, noContent, ok, on } from "./route.ts";

export function channelRoutes(world: World): Route[] {
  const channelOf = (request: RestRequest) => {
    const channel = world.channel(request.param("channelId"));
    requirePermission(world, world.bot.id, channel);
    return channel;
  };

  return [
    on("GET /channels/:channelId", (request) => ok(toApiChannel(channelOf(request), world.bot.id))),

    on("PATCH /channels/:channelId", (request) => {
      const channel = channelOf(request);
      checkChange(request.body);
      if (channel.thread) changeThread(world, channel, request.body);
      else changeChannel(world, channel, request.body);
      return ok(toApiChannel(channel, world.bot.id));
    }),

    on("DELETE /channels/:channelId", (request) => {
      const channel = channelOf(request);
      const needed = channel.thread ? "ManageThreads" : "ManageChannels";
      if (channel.guildId !== null) requirePermission(world, world.bot.id, channel, needed);
      const api = toApiChannel(channel, world.bot.id);
      if (channel.guildId !== null) removeChannel(world, channel);
      return ok(api);
    }),

    on("PUT /channels/:channelId/permissions/:overwriteId", (request) => {
      const channel = channelOf(request);
      requirePermission(world, world.bot.id, channel, "ManageRoles");
      setOverwrite(world, channel, request.param("overwriteId"), readOverwrite(request.body));
      return noContent();
    }),
  ];
}

function changeChannel(world: World, channel: Channel, body: JsonObject): void {
  requirePermission(world, world.bot.id, channel, "ManageChannels");
  const overwrites = objects(body["permission_overwrites"]);
  channel.name = textOf(body["name"]) ?? channel.name;
  channel.slowmodeSeconds = numberOf(body["rate_limit_per_user"]) ?? channel.slowmodeSeconds;
  if ("topic" in body) channel.topic = textOf(body["topic"]) ?? null;
  if ("parent_id" in body) channel.parentId = textOf(body["parent_id"]) ?? null;
  if (typeof body["nsfw"] === "boolean") channel.nsfw = body["nsfw"];
  if (Array.isArray(body["permission_overwrites"])) {
    channel.overwrites.clear();
    for (const one of overwrites) channel.overwrites.set(String(one["id"]), readOverwrite(one));
  }
  world.emit({ t: "CHANNEL_UPDATE", d: toApiChannel(channel), guildId: channel.guildId });
}

function changeThread(world: World, channel: Channel, body: JsonObject): void {
  const { thread } = channel;
  if (!thread) return;
  const isManager = can(world, world.bot.id, channel, "ManageThreads");
  // Whoever is in a thread may open it again, as long as it is not locked.
  const isOpening = body["archived"] === false && Object.keys(body).length === 1;
  const isOwnMatter =
    thread.ownerId === world.bot.id || (isOpening && thread.memberIds.has(world.bot.id));
  if (!isManager && !isOwnMatter) throw missingPermissions();
  if (thread.archived && body["archived"] !== false) throw archivedThread();
  if (!isManager && (thread.locked || body["locked"] === true)) throw missingPermissions();

  channel.name = textOf(body["name"]) ?? channel.name;
  thread.autoArchiveMinutes = numberOf(body["auto_archive_duration"]) ?? thread.autoArchiveMinutes;
  if (typeof body["locked"] === "boolean") thread.locked = body["locked"];
  if (typeof body["invitable"] === "boolean") thread.invitable = body["invitable"];
  if (Array.isArray(body["applied_tags"])) channel.appliedTagIds = body["applied_tags"].map(String);
  const { archived } = body;
  if (typeof archived === "boolean" && archived !== thread.archived)
    setArchived(world, channel, archived);
  else emitThread(world, "THREAD_UPDATE", channel);
}

function readOverwrite(body: JsonObject): Overwrite {
  return {
    type: body["type"] === 1 ? 1 : 0,
    allow: BigInt(textOf(body["allow"]) ?? 0),
    deny: BigInt(textOf(body["deny"]) ?? 0),
  };
}

function checkChange(body: JsonObject): void {
  const form = new Form();
  form.text("name", body["name"], { min: 1, max: 100 });
  form.text("topic", body["topic"], { max: 1024 });
  form.number("rate_limit_per_user", body["rate_limit_per_user"], { min: 0, max: 21_600 });
  form.finish();
}

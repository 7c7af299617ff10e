import { toApiChannel, toApiGuild, toApiMember, toApiRole } from "../payloads/guild.ts";
import { missingAccess, unknownMember } from "../world/errors.ts";
import type { Guild } from "../world/model.ts";
import { can } from "../world/permissions.ts";
import { compareSnowflakes } from "../world/snowflake.ts";
import type { World } from "../world/world.ts";
import { readLimit, shown } from "./messages.ts";
import { type RestRequest, type Route, ok, on } from "./route.ts";

export function guildRoutes(world: World): Route[] {
  const guildOf = (request: RestRequest): Guild => {
    const guild = world.guild(request.param("guildId"));
    if (!guild.members.has(world.bot.id)) throw missingAccess();
    return guild;
  };
  const membersOf = (request: RestRequest) =>
    [...guildOf(request).members.values()].sort((a, b) => compareSnowflakes(a.user.id, b.user.id));

  return [
    on("GET /guilds/:guildId", (request) => {
      const guild = guildOf(request);
      const counts = {
        approximate_member_count: guild.members.size,
        approximate_presence_count: 1,
      };
      return ok({
        ...toApiGuild(guild),
        ...(request.query.get("with_counts") === "true" ? counts : {}),
      });
    }),
    on("GET /guilds/:guildId/channels", (request) => {
      const channels = world.channelsOf(guildOf(request).id).filter(({ thread }) => !thread);
      return ok(channels.map((channel) => toApiChannel(channel)));
    }),
    on("GET /guilds/:guildId/roles", (request) =>
      ok([...guildOf(request).roles.values()].map(toApiRole)),
    ),
    on("GET /guilds/:guildId/members", (request) => {
      const after = request.query.get("after") ?? "0";
      const limit = readLimit(request.query.get("limit"), 1, 1000);
      const found = membersOf(request).filter(({ user }) => compareSnowflakes(user.id, after) > 0);
      return ok(found.slice(0, limit).map(toApiMember));
    }),
    on("GET /guilds/:guildId/members/search", (request) => {
      const query = (request.query.get("query") ?? "").toLowerCase();
      const limit = readLimit(request.query.get("limit"), 1, 1000);
      const found = membersOf(request).filter(({ user, nick }) =>
        [user.username, nick ?? ""].some((name) => name.toLowerCase().startsWith(query)),
      );
      return ok(found.slice(0, limit).map(toApiMember));
    }),
    on("GET /guilds/:guildId/members/:userId", (request) => {
      const member = guildOf(request).members.get(request.param("userId"));
      if (!member) throw unknownMember();
      return ok(toApiMember(member));
    }),
    on("GET /guilds/:guildId/messages/search", (request) =>
      ok(search(world, guildOf(request), request.query)),
    ),
  ];
}

// Newest first, as groups of one: Discord stopped sending the neighbours long ago.
function search(world: World, guild: Guild, query: URLSearchParams): object {
  const words = (query.get("content") ?? "").toLowerCase();
  const wanted = (key: string, id: string) =>
    query.getAll(key).length === 0 || query.getAll(key).includes(id);
  const [minId, maxId] = [
    query.get("min_id") ?? "0",
    query.get("max_id") ?? "99999999999999999999",
  ];
  const found = world
    .channelsOf(guild.id)
    .filter((channel) => wanted("channel_id", channel.id))
    .filter((channel) => can(world, world.bot.id, channel, "ViewChannel", "ReadMessageHistory"))
    .flatMap((channel) => [...channel.messages.values()])
    .filter(
      ({ author, content }) =>
        wanted("author_id", author.id) && content.toLowerCase().includes(words),
    )
    .filter(({ id }) => compareSnowflakes(id, minId) > 0 && compareSnowflakes(id, maxId) < 0)
    .sort((a, b) => compareSnowflakes(b.id, a.id));
  if (query.get("sort_order") === "asc") found.reverse();

  const offset = Number(query.get("offset") ?? 0);
  const page = found.slice(offset, offset + readLimit(query.get("limit"), 25, 25));
  return {
    doing_deep_historical_index: false,
    total_results: found.length,
    messages: page.map((message) => [shown(world, message)]),
    threads: [],
    members: [],
  };
}

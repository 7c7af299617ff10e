import { textOf } from "../forms/form.ts";
import { toApiChannel, toApiUser } from "../payloads/guild.ts";
import { ApplicationFlags } from "discord-api-types/v10";
import { DiscordError } from "../world/errors.ts";
import { guildPermissions } from "../world/permissions.ts";
import type { World } from "../world/world.ts";
import { type Route, ok, on, openOn } from "./route.ts";

export interface GatewayInfo {
  readonly url: string;
  readonly identifiesLeft: number;
  readonly maxIdentifies: number;
  readonly minShards: number;
}

function ownerOf(world: World) {
  const [first] = world.guilds.values();
  return first ? toApiUser(world.user(first.ownerId)) : null;
}

export function userRoutes(world: World, gateway: () => GatewayInfo): Route[] {
  const self = () =>
    ok({ ...toApiUser(world.bot), verified: true, mfa_enabled: false, email: null });
  const application = () =>
    ok({
      id: world.application.id,
      name: world.application.name,
      verify_key: world.application.publicKey,
      description: "",
      icon: null,
      summary: "",
      bot_public: false,
      bot_require_code_grant: false,
      flags: world.options.messageContentAllowed ? ApplicationFlags.GatewayMessageContent : 0,
      team: null,
      // Who made the first server made the bot as well.
      owner: ownerOf(world),
      bot: toApiUser(world.bot),
      approximate_guild_count: world.guilds.size,
    });

  return [
    on("GET /gateway/bot", () => {
      const { url, identifiesLeft, maxIdentifies, minShards } = gateway();
      return ok({
        url,
        shards: minShards,
        session_start_limit: {
          total: maxIdentifies,
          remaining: identifiesLeft,
          reset_after: 86_400_000,
          max_concurrency: 1,
        },
      });
    }),
    openOn("GET /gateway", () => ok({ url: gateway().url })),
    on("GET /users/@me", self),
    on("GET /users/:userId", (request) => ok(toApiUser(world.user(request.param("userId"))))),
    on("GET /users/@me/guilds", () => {
      const joined = [...world.guilds.values()].flatMap((guild) => {
        const member = guild.members.get(world.bot.id);
        if (!member) return [];
        const permissions = String(guildPermissions(guild, member));
        const { id, name } = guild;
        return [{ id, name, permissions, icon: null, owner: false, features: [] }];
      });
      return ok(joined);
    }),
    on("GET /applications/@me", application),
    on("GET /oauth2/applications/@me", application),

    // Opening always works; whether the person takes direct messages shows when one is sent.
    on("POST /users/@me/channels", ({ body }) => {
      const recipient = textOf(body["recipient_id"]) ?? "";
      if (!world.users.has(recipient)) throw new DiscordError(400, 50_033, "Invalid Recipient(s)");
      return ok(toApiChannel(world.dmBetween(world.bot, world.user(recipient)), world.bot.id));
    }),
  ];
}

import type { Gateway } from "../gateway/gateway.ts";
import type { Interactions } from "../world/interactions.ts";
import type { World } from "../world/world.ts";
import { attachmentRoutes } from "./attachments.ts";
import { channelRoutes } from "./channels.ts";
import { commandRoutes } from "./commands.ts";
import { guildRoutes } from "./guilds.ts";
import { interactionRoutes } from "./interactions.ts";
import { messageRoutes } from "./messages.ts";
import { reactionRoutes } from "./reactions.ts";
import type { Route } from "./route.ts";
import { threadRoutes } from "./threads.ts";
import { userRoutes } from "./users.ts";

export function allRoutes(world: World, interactions: Interactions, gateway: Gateway): Route[] {
  return [
    ...attachmentRoutes(world),
    ...userRoutes(world, () => gateway.limits()),
    ...guildRoutes(world),
    ...channelRoutes(world),
    ...messageRoutes(world),
    ...reactionRoutes(world),
    ...threadRoutes(world),
    ...commandRoutes(world),
    ...interactionRoutes(world, interactions),
  ];
}

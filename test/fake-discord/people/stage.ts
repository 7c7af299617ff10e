import type { Interactions } from "../world/interactions.ts";
import type { Channel, Snowflake, User } from "../world/model.ts";
import type { World } from "../world/world.ts";
import { Actor } from "./actor.ts";
import { Place } from "./place.ts";

/** What actors and places share: the world, and the way to each other. */
export interface Stage {
  readonly world: World;
  readonly interactions: Interactions;
  actor(user: User): Actor;
  place(channel: Channel): Place;
  /** By id or by name, in any case; throws when there is none. */
  findUser(idOrName: string): User;
  /** By id, or by name, with or without `#`; throws when there is none. */
  findChannel(idOrName: string): Channel;
}

export function createStage(world: World, interactions: Interactions): Stage {
  const actors = new Map<Snowflake, Actor>();
  const places = new Map<Snowflake, Place>();
  const stage: Stage = {
    world,
    interactions,
    actor: (user) => kept(actors, user.id, () => new Actor(stage, user)),
    place: (channel) => kept(places, channel.id, () => new Place(stage, channel)),
    findUser(idOrName) {
      const name = idOrName.replace(/^@/, "").toLowerCase();
      const all = [...world.users.values()];
      const found =
        world.users.get(idOrName) ?? all.find(({ username }) => username.toLowerCase() === name);
      if (!found) throw new Error(`nobody is called "${idOrName}"`);
      return found;
    },
    findChannel(idOrName) {
      const name = idOrName.replace(/^#/, "");
      const found =
        world.channels.get(idOrName) ??
        [...world.channels.values()].find((one) => one.name === name);
      if (!found) throw new Error(`there is no channel "${idOrName}"`);
      return found;
    },
  };
  return stage;
}

function kept<T>(all: Map<Snowflake, T>, id: Snowflake, make: () => T): T {
  const found = all.get(id) ?? make();
  all.set(id, found);
  return found;
}

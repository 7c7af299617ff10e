import type { InteractionType } from "discord-api-types/v10";

import { toApiInteraction } from "../payloads/interaction.ts";
import { setBounded } from "./bounded.ts";
import { DiscordError, unknownInteraction, unknownWebhook } from "./errors.ts";
import type { Channel, IntegrationOwners, JsonObject, Message, Snowflake, User } from "./model.ts";
import { type World, newToken } from "./world.ts";

const MAX_INTERACTIONS = 10_000;

export interface InteractionTimes {
  /** The first answer must come within this; Discord's is 3,000. */
  readonly deadlineMs: number;
  /** The token works for this long; Discord's is 900,000. */
  readonly tokenLifetimeMs: number;
}

/** How the app answered first. */
export type Acknowledgement =
  | { readonly kind: "none" }
  | { readonly kind: "message" | "deferred" | "update" | "deferred-update"; readonly at: number }
  | { readonly kind: "modal"; readonly at: number; readonly modal: JsonObject }
  | { readonly kind: "choices"; readonly at: number; readonly choices: readonly JsonObject[] };

/** One press, command or submission, from the moment the person acts. */
export interface Interaction {
  readonly id: Snowflake;
  readonly token: string;
  readonly type: InteractionType;
  readonly user: User;
  readonly channel: Channel;
  readonly createdAt: number;
  readonly data: JsonObject;
  readonly owners: IntegrationOwners;
  /** The message whose component was used, or from which the form was opened. */
  readonly source: Message | null;
  acknowledgement: Acknowledgement;
  /** What `@original` means: the answer, or for an update the source. */
  original: Message | null;
  readonly followups: Message[];
}

export type NewInteraction = Pick<
  Interaction,
  "type" | "user" | "channel" | "data" | "owners" | "source"
>;

/** The newest interactions, with Discord's rules on when and how often they may be answered. */
export class Interactions {
  readonly #byToken = new Map<string, Interaction>();
  readonly #world: World;
  readonly #times: InteractionTimes;

  constructor(world: World, times: InteractionTimes) {
    this.#world = world;
    this.#times = times;
  }

  start(given: NewInteraction): Interaction {
    const interaction: Interaction = {
      ...given,
      id: this.#world.nextId(),
      token: newToken(48),
      createdAt: this.#world.now(),
      acknowledgement: { kind: "none" },
      original: null,
      followups: [],
    };
    setBounded(this.#byToken, interaction.token, interaction, MAX_INTERACTIONS);
    // Sent to the app whatever its intents, so it belongs to no channel that could hide it; and of a server where the
    // app is not, to the shard that hears of private places.
    this.#world.emit({
      t: "INTERACTION_CREATE",
      d: toApiInteraction(this.#world, interaction),
      guildId: given.owners[0] === undefined ? null : given.channel.guildId,
    });
    return interaction;
  }

  /** How long is left for the first answer, in milliseconds; 0 when it is too late. */
  timeLeft({ createdAt }: Interaction): number {
    return Math.max(0, createdAt + this.#times.deadlineMs - this.#world.now());
  }

  /** By the id and token of a callback; late or wrong is 10062, a second answer 40060. */
  answerable(id: Snowflake, token: string): Interaction {
    const interaction = this.#byToken.get(token);
    if (interaction?.id !== id) throw unknownInteraction();
    if (interaction.acknowledgement.kind !== "none") {
      throw new DiscordError(400, 40_060, "Interaction has already been acknowledged.");
    }
    if (this.timeLeft(interaction) === 0) throw unknownInteraction();
    return interaction;
  }

  /** By the token of a follow-up; 50027 after fifteen minutes, 10015 for one never answered. */
  continuing(applicationId: Snowflake, token: string): Interaction {
    const interaction = this.#byToken.get(token);
    const isOurs = applicationId === this.#world.application.id;
    if (!interaction || !isOurs || interaction.acknowledgement.kind === "none")
      throw unknownWebhook();
    if (this.#world.now() - interaction.createdAt > this.#times.tokenLifetimeMs) {
      throw new DiscordError(401, 50_027, "Invalid Webhook Token");
    }
    return interaction;
  }
}

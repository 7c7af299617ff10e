import { MessageFlags } from "discord-api-types/v10";

import type { Acknowledgement, Interaction } from "./interactions.ts";
import type { JsonObject, Message } from "./model.ts";
import type { Stage } from "./stage.ts";
import { type SettleOptions, type WaitOptions, waitFor, waitUntilSettled } from "./wait.ts";

/** What the person who pressed, ran or submitted something sees of it. */
export class InteractionHandle {
  readonly interaction: Interaction;
  readonly #stage: Stage;

  constructor(stage: Stage, interaction: Interaction) {
    this.#stage = stage;
    this.interaction = interaction;
  }

  /** Further messages, live. */
  get followups(): readonly Message[] {
    return this.interaction.followups;
  }

  /** True when only the person sees the answer. False until there is one. */
  get isEphemeral(): boolean {
    return ((this.interaction.original?.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
  }

  /** The first answer of any kind. Rejects when the app stays silent past the deadline. */
  async acknowledged(options?: WaitOptions): Promise<Exclude<Acknowledgement, { kind: "none" }>> {
    const { interaction } = this;
    const probe = () => {
      const { acknowledgement } = interaction;
      return acknowledgement.kind === "none" ? undefined : acknowledgement;
    };
    return waitFor(this.#stage.world, probe, () => "The application did not respond", options);
  }

  /** The answer once it is there and no longer changes; a deferral is waited out. */
  async response(options?: SettleOptions): Promise<Message> {
    await this.acknowledged(options);
    const probe = () => {
      const { original } = this.interaction;
      return original && !(original.flags & MessageFlags.Loading) ? original : undefined;
    };
    const look = (message: Message) => `${message.versions.length}:${message.deletedAt}`;
    return waitUntilSettled(
      this.#stage.world,
      probe,
      look,
      () => "the app never finished its answer",
      options,
    );
  }

  /** The form it opened. */
  async modal(options?: WaitOptions): Promise<JsonObject> {
    const answer = await this.acknowledged(options);
    if (answer.kind !== "modal")
      throw new Error(`the app answered with a ${answer.kind}, not a form`);
    return answer.modal;
  }

  /** What it proposed for an option. */
  async choices(options?: WaitOptions): Promise<JsonObject[]> {
    const answer = await this.acknowledged(options);
    if (answer.kind !== "choices")
      throw new Error(`the app answered with a ${answer.kind}, not with choices`);
    return [...answer.choices];
  }
}

import { MessageFlags } from "discord-api-types/v10";

import type { Acknowledgement, Interaction } from "../world/interactions.ts";
import type { JsonObject, Message } from "../world/model.ts";
import type { Stage } from "./stage.ts";
import { type SettleOptions, type WaitOptions, waitFor, waitUntilSettled } from "./wait.ts";

type Answered = Exclude<Acknowledgement, { kind: "none" }>;

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
  async acknowledged(): Promise<Answered> {
    const { interaction } = this;
    const probe = () => {
      const { acknowledgement } = interaction;
      return acknowledgement.kind === "none" ? undefined : acknowledgement;
    };
    const { world, interactions } = this.#stage;
    const timeoutMs = interactions.timeLeft(interaction);
    return waitFor(world, probe, () => "The application did not respond", { timeoutMs });
  }

  /** The answer once it is there and no longer changes; a deferral is waited out. */
  async response(options?: SettleOptions): Promise<Message> {
    await this.acknowledged();
    const probe = () => {
      const { original } = this.interaction;
      return original && !(original.flags & MessageFlags.Loading) ? original : undefined;
    };
    const look = ({ edits, deletedAt }: Message) => `${edits}:${deletedAt}`;
    const describe = () => "the app never finished its answer";
    return waitUntilSettled(this.#stage.world, probe, look, describe, options);
  }

  /** The form it opened. */
  async modal(): Promise<JsonObject> {
    const answer = await this.acknowledged();
    if (answer.kind !== "modal")
      throw new Error(`the app answered with a ${answer.kind}, not a form`);
    return answer.modal;
  }

  /** What it proposed for an option. */
  async choices(): Promise<JsonObject[]> {
    const answer = await this.acknowledged();
    if (answer.kind !== "choices")
      throw new Error(`the app answered with a ${answer.kind}, not with choices`);
    return [...answer.choices];
  }

  /** The further message number `count`, once it is there. */
  followup(count = 1, options?: WaitOptions): Promise<Message> {
    const { world } = this.#stage;
    const describe = () => `the app sent ${this.followups.length} further messages, not ${count}`;
    return waitFor(world, () => this.followups[count - 1], describe, options);
  }
}

import { InteractionType, MessageFlags, MessageType } from "discord-api-types/v10";

import { checkModal } from "./component-form.ts";
import { DiscordError, emptyMessage, unknownInteraction, unknownWebhook } from "./errors.ts";
import { Form, isObject, numberOf, objects } from "./forms.ts";
import { readMessage } from "./message-form.ts";
import { addMessage, applyDraft } from "./messages.ts";
import type { Channel, JsonObject, Message, Snowflake, Upload, User } from "./model.ts";
import { toApiChannel, toApiMember, toApiMessage, toApiUser } from "./payloads.ts";
import { permissionsIn } from "./permissions.ts";
import { type World, newToken } from "./world.ts";

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
  /** The message whose component was used. */
  readonly source: Message | null;
  acknowledgement: Acknowledgement;
  /** What `@original` means: the answer, or for an update the source. */
  original: Message | null;
  readonly followups: Message[];
}

export interface NewInteraction {
  readonly type: InteractionType;
  readonly user: User;
  readonly channel: Channel;
  readonly data: JsonObject;
  readonly source?: Message | null;
}

/** All interactions, with Discord's rules on when and how often they may be answered. */
export class Interactions {
  readonly all = new Map<Snowflake, Interaction>();
  readonly #world: World;
  readonly #times: InteractionTimes;

  constructor(world: World, times: InteractionTimes) {
    this.#world = world;
    this.#times = times;
  }

  start({ type, user, channel, data, source = null }: NewInteraction): Interaction {
    const interaction: Interaction = {
      id: this.#world.nextId(),
      token: newToken(48),
      type,
      user,
      channel,
      data,
      source,
      createdAt: this.#world.now(),
      acknowledgement: { kind: "none" },
      original: null,
      followups: [],
    };
    this.all.set(interaction.id, interaction);
    // Sent to the app whatever its intents, so it belongs to no channel that could hide it.
    this.#world.emit({
      t: "INTERACTION_CREATE",
      d: this.#toApi(interaction),
      guildId: channel.guildId,
    });
    return interaction;
  }

  /** True once nothing can come any more: "The application did not respond". */
  hasFailed(interaction: Interaction): boolean {
    const isLate = this.#world.now() - interaction.createdAt > this.#times.deadlineMs;
    return interaction.acknowledgement.kind === "none" && isLate;
  }

  /** By the id and token of a callback; late or wrong is 10062, a second answer 40060. */
  answerable(id: Snowflake, token: string): Interaction {
    const interaction = this.all.get(id);
    if (!interaction || interaction.token !== token || this.hasFailed(interaction))
      throw unknownInteraction();
    if (interaction.acknowledgement.kind !== "none") {
      throw new DiscordError(400, 40_060, "Interaction has already been acknowledged.");
    }
    return interaction;
  }

  /** By the token of a follow-up; 50027 after fifteen minutes, 10015 for one never answered. */
  continuing(applicationId: Snowflake, token: string): Interaction {
    const interaction = [...this.all.values()].find((one) => one.token === token);
    const isOurs = applicationId === this.#world.application.id;
    if (!interaction || !isOurs || interaction.acknowledgement.kind === "none")
      throw unknownWebhook();
    if (this.#world.now() - interaction.createdAt > this.#times.tokenLifetimeMs) {
      throw new DiscordError(401, 50_027, "Invalid Webhook Token");
    }
    return interaction;
  }

  /** Carries out a callback: types 4 to 9. */
  acknowledge(interaction: Interaction, body: JsonObject, files: readonly Upload[]): void {
    const at = this.#world.now();
    const data = isObject(body["data"]) ? body["data"] : {};
    const type = numberOf(body["type"]) ?? 0;
    const { source } = interaction;
    switch (type) {
      case 4:
        interaction.original = this.#respond(interaction, data, files);
        interaction.acknowledgement = { kind: "message", at };
        break;
      case 5:
        interaction.original = this.#respondLater(interaction, data);
        interaction.acknowledgement = { kind: "deferred", at };
        break;
      case 6:
        interaction.original = source;
        interaction.acknowledgement = { kind: "deferred-update", at };
        break;
      case 7:
        if (source) this.#fill(source, data, files);
        interaction.original = source;
        interaction.acknowledgement = { kind: "update", at };
        break;
      case 8:
        interaction.acknowledgement = { kind: "choices", at, choices: readChoices(data) };
        break;
      case 9:
        interaction.acknowledgement = {
          kind: "modal",
          at,
          modal: this.#readModal(interaction, data),
        };
        break;
      default:
        invalidType();
    }
    this.#world.changed();
  }

  /** A further message. Straight after a deferral it fills the waiting one, as Discord still does. */
  followUp(interaction: Interaction, body: JsonObject, files: readonly Upload[]): Message {
    const { original } = interaction;
    if (original && original.flags & MessageFlags.Loading) return this.edit(original, body, files);
    const message = this.#respond(interaction, body, files);
    interaction.followups.push(message);
    return message;
  }

  edit(message: Message, body: JsonObject, files: readonly Upload[]): Message {
    this.#fill(message, body, files);
    return message;
  }

  #fill(message: Message, body: JsonObject, files: readonly Upload[]): void {
    applyDraft(this.#world, message, readMessage(body, files, message.flags), files);
  }

  #respond(interaction: Interaction, body: JsonObject, files: readonly Upload[]): Message {
    const draft = readMessage(body, files);
    const isEmpty = !draft.content?.trim() && !draft.embeds?.length && !draft.components?.length;
    if (isEmpty && files.length === 0) throw emptyMessage();
    return this.#add(interaction, {
      draft,
      files,
      flags: (draft.flags ?? 0) & MessageFlags.Ephemeral,
    });
  }

  #respondLater(interaction: Interaction, data: JsonObject): Message {
    const flags = ((numberOf(data["flags"]) ?? 0) & MessageFlags.Ephemeral) | MessageFlags.Loading;
    return this.#add(interaction, {
      draft: { content: "", enforceNonce: false },
      files: [],
      flags,
    });
  }

  #add(
    { id, type, user, channel, source }: Interaction,
    given: {
      readonly draft: ReturnType<typeof readMessage>;
      readonly files: readonly Upload[];
      readonly flags: number;
    },
  ): Message {
    const isEphemeral = (given.flags & MessageFlags.Ephemeral) !== 0;
    return addMessage(this.#world, {
      author: this.#world.bot,
      channel,
      draft: given.draft,
      files: given.files,
      type: source ? MessageType.Reply : MessageType.ChatInputCommand,
      interaction: { id, type, user },
      webhookId: this.#world.application.id,
      onlyFor: isEphemeral ? user.id : null,
      extraFlags: given.flags,
    });
  }

  #readModal({ type }: Interaction, data: JsonObject): JsonObject {
    if (type === InteractionType.ModalSubmit) invalidType();
    const form = new Form();
    checkModal(form, data);
    form.finish();
    return data;
  }

  #toApi({ id, token, type, user, channel, data, source }: Interaction): JsonObject {
    const world = this.#world;
    const { application, bot } = world;
    const guild = channel.guildId === null ? null : world.guild(channel.guildId);
    const member = guild?.members.get(user.id);
    const asker =
      guild && member
        ? {
            guild_id: guild.id,
            guild: { id: guild.id, locale: "en-US", features: [] },
            guild_locale: "en-US",
            member: {
              ...toApiMember(member),
              permissions: String(permissionsIn(world, user.id, channel)),
            },
          }
        : { user: toApiUser(user) };
    return {
      id,
      application_id: application.id,
      type,
      token,
      version: 1,
      data,
      channel_id: channel.id,
      channel: {
        ...toApiChannel(channel, bot.id),
        permissions: String(permissionsIn(world, user.id, channel)),
      },
      ...asker,
      ...(source ? { message: toApiMessage(world, source) } : {}),
      app_permissions: String(permissionsIn(world, bot.id, channel)),
      locale: "en-US",
      entitlements: [],
      authorizing_integration_owners: { 0: channel.guildId ?? "0" },
      context: channel.guildId === null ? 1 : 0,
      attachment_size_limit: 10 * 1024 * 1024,
    };
  }
}

function readChoices(data: JsonObject): JsonObject[] {
  const choices = objects(data["choices"]);
  const form = new Form();
  form.count("data.choices", choices.length, { max: 25 });
  for (const [index, choice] of choices.entries()) {
    form.text(`data.choices.${index}.name`, choice["name"], { min: 1, max: 100 });
    if (typeof choice["value"] === "string") {
      form.text(`data.choices.${index}.value`, choice["value"], { max: 100 });
    }
  }
  form.finish();
  return choices;
}

function invalidType(): never {
  const form = new Form();
  form.fail("type", "BASE_TYPE_CHOICES", "This interaction cannot be answered in this way.");
  form.finish();
  throw new Error("unreachable: finish() throws after fail()");
}

import {
  InteractionResponseType as Answer,
  ApplicationCommandType,
  InteractionType,
  MessageFlags,
  MessageType,
} from "discord-api-types/v10";

import { checkModal } from "../forms/component-form.ts";
import { Form, invalidForm, isObject, numberOf, objects } from "../forms/form.ts";
import { type MessageDraft, hasSubstance, readMessage } from "../forms/message-form.ts";
import { addMessage } from "./add-message.ts";
import { applyDraft } from "./edit-message.ts";
import { emptyMessage, tooManyFollowUps } from "./errors.ts";
import { isHiddenFromOthers } from "./installations.ts";
import type { Acknowledgement, Interaction } from "./interactions.ts";
import type { JsonObject, Message, MessageReference, Upload } from "./model.ts";
import type { World } from "./world.ts";

const MAX_CHOICES = 25;
/** Where the app is not installed in the server. */
const MAX_FOREIGN_FOLLOWUPS = 5;
const NOTHING_YET: MessageDraft = { content: "", enforceNonce: false };

/** Carries out a callback: types 4 to 9, each where Discord allows it. */
export function acknowledge(
  world: World,
  interaction: Interaction,
  body: JsonObject,
  files: readonly Upload[],
): void {
  const data = isObject(body["data"]) ? body["data"] : {};
  const type = numberOf(body["type"]) ?? 0;
  if (!answersTo(interaction).includes(type)) {
    throw invalidForm(
      "type",
      "BASE_TYPE_CHOICES",
      "This interaction cannot be answered like this.",
    );
  }
  interaction.acknowledgement = answer(world, interaction, { type, data, files });
  world.changed();
}

function answersTo({ type, source }: Interaction): readonly Answer[] {
  const messages = [Answer.ChannelMessageWithSource, Answer.DeferredChannelMessageWithSource];
  const updates = source ? [Answer.DeferredMessageUpdate, Answer.UpdateMessage] : [];
  switch (type) {
    case InteractionType.ApplicationCommandAutocomplete:
      return [Answer.ApplicationCommandAutocompleteResult];
    case InteractionType.ModalSubmit:
      return [...messages, ...updates];
    case InteractionType.ApplicationCommand:
    case InteractionType.MessageComponent:
      return [...messages, ...updates, Answer.Modal];
    case InteractionType.Ping:
      return [];
  }
}

function answer(
  world: World,
  interaction: Interaction,
  given: { readonly type: number; readonly data: JsonObject; readonly files: readonly Upload[] },
): Acknowledgement {
  const at = world.now();
  const { type, data, files } = given;
  const { source } = interaction;
  switch (type) {
    case Answer.DeferredChannelMessageWithSource:
      interaction.original = respondLater(world, interaction, data);
      return { kind: "deferred", at };
    case Answer.DeferredMessageUpdate:
      interaction.original = source;
      return { kind: "deferred-update", at };
    case Answer.UpdateMessage:
      if (source) fill(world, source, data, files);
      interaction.original = source;
      return { kind: "update", at };
    case Answer.ApplicationCommandAutocompleteResult:
      return { kind: "choices", at, choices: readChoices(data) };
    case Answer.Modal:
      return { kind: "modal", at, modal: readModal(data) };
    default:
      interaction.original = respond(world, interaction, data, files);
      return { kind: "message", at };
  }
}

/** A further message. Straight after a deferral it fills the waiting one, as Discord still does. */
export function followUp(
  world: World,
  interaction: Interaction,
  body: JsonObject,
  files: readonly Upload[],
): Message {
  const { original } = interaction;
  if (original && original.flags & MessageFlags.Loading) {
    fill(world, original, body, files);
    return original;
  }
  const isForeign = interaction.owners[0] === undefined;
  if (isForeign && interaction.followups.length >= MAX_FOREIGN_FOLLOWUPS) throw tooManyFollowUps();
  const message = respond(world, interaction, body, files);
  interaction.followups.push(message);
  return message;
}

/** Changes an answer, or ends a deferral. */
export function fill(
  world: World,
  message: Message,
  body: JsonObject,
  files: readonly Upload[],
): void {
  const { author, flags } = message;
  applyDraft(world, message, readMessage(body, files, { author, flags }), files);
}

function respond(
  world: World,
  interaction: Interaction,
  body: JsonObject,
  files: readonly Upload[],
): Message {
  const draft = readMessage(body, files, { author: world.bot });
  if (!hasSubstance({ ...draft, attachments: [] }, files)) throw emptyMessage();
  return add(world, interaction, { draft, files, flags: ephemeralBit(draft.flags) });
}

function respondLater(world: World, interaction: Interaction, data: JsonObject): Message {
  const flags = ephemeralBit(numberOf(data["flags"])) | MessageFlags.Loading;
  return add(world, interaction, { draft: NOTHING_YET, files: [], flags });
}

const ephemeralBit = (flags = 0): number => flags & MessageFlags.Ephemeral;

function add(
  world: World,
  interaction: Interaction,
  given: {
    readonly draft: MessageDraft;
    readonly files: readonly Upload[];
    readonly flags: number;
  },
): Message {
  const { id, type, user, channel, owners, source, original } = interaction;
  const answered = original ?? source;
  const isHidden = isHiddenFromOthers(world, user, channel, owners);
  const flags = given.flags | (isHidden ? MessageFlags.Ephemeral : 0);
  return addMessage(world, {
    author: world.bot,
    channel,
    draft: given.draft,
    files: given.files,
    type: answered ? MessageType.Reply : commandType(interaction),
    reference: answered && toReference(answered),
    interaction: { id, type, user, owners },
    webhookId: world.application.id,
    onlyFor: ephemeralBit(flags) ? user.id : null,
    extraFlags: flags,
  });
}

function toReference({ id, channelId, guildId }: Message): MessageReference {
  return { messageId: id, channelId, guildId, type: 0 };
}

function commandType({ data }: Interaction): MessageType {
  const isMenu = "target_id" in data && data["type"] !== ApplicationCommandType.ChatInput;
  return isMenu ? MessageType.ContextMenuCommand : MessageType.ChatInputCommand;
}

function readModal(data: JsonObject): JsonObject {
  const form = new Form();
  checkModal(form, data);
  form.finish();
  return data;
}

function readChoices(data: JsonObject): JsonObject[] {
  const choices = objects(data["choices"]);
  const form = new Form();
  form.count("data.choices", choices.length, { max: MAX_CHOICES });
  for (const [index, { name, value }] of choices.entries()) {
    form.text(`data.choices.${index}.name`, name, { min: 1, max: 100 });
    if (typeof value === "string") form.text(`data.choices.${index}.value`, value, { max: 100 });
  }
  form.finish();
  return choices;
}

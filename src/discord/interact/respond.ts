import type {
  ChatInputCommandInteraction,
  ContextMenuCommandInteraction,
  MessageComponentInteraction,
  ModalSubmitInteraction,
} from "discord.js";
import { MessageFlags } from "discord-api-types/v10";
import type { ComponentStore } from "../../core/components.ts";
import type { Scope } from "../../core/principal.ts";
import type { Reply } from "../commands/reply.ts";
import { toMessage, type FormingDeps } from "./payload.ts";

export type Answerable =
  | ChatInputCommandInteraction
  | ContextMenuCommandInteraction
  | MessageComponentInteraction
  | ModalSubmitInteraction;

export interface RespondDeps extends FormingDeps {
  readonly components: ComponentStore;
}

/** Puts the reply where the deferred answer, or the message with the control, stands. */
export async function replace(
  deps: RespondDeps,
  interaction: Answerable,
  scope: Scope,
  reply: Reply,
  page = 0,
): Promise<void> {
  const isPanel = reply.isPanel === true || isOnPanel(interaction);
  const { message, controls } = toMessage(deps, reply, { page, isPanel });
  await deps.components.keep(scope, controls);
  const { layout, ...parts } = message;
  // What was attached before goes with what stood there.
  await interaction.editReply({
    ...parts,
    ...(layout !== 0 && { flags: layout }),
    attachments: [],
  });
}

/** Says it below, for this person only. */
export async function whisper(
  deps: RespondDeps,
  interaction: Answerable,
  scope: Scope,
  reply: Reply,
): Promise<void> {
  const { message, controls } = toMessage(deps, reply);
  await deps.components.keep(scope, controls);
  const { layout, content, ...parts } = message;
  await interaction.followUp({
    ...parts,
    ...(content !== null && { content }),
    flags: MessageFlags.Ephemeral | layout,
  });
}

/** Words that need no store: also while the database is away. */
export async function tell(interaction: Answerable, content: string): Promise<void> {
  const words = { content, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } } as const;
  if (interaction.deferred && !interaction.isMessageComponent() && !isFromMessage(interaction))
    await interaction.editReply({ content, components: [], allowedMentions: { parse: [] } });
  else if (interaction.deferred || interaction.replied) await interaction.followUp(words);
  else await interaction.reply(words);
}

const isFromMessage = (interaction: Answerable): boolean =>
  interaction.isModalSubmit() && interaction.isFromMessage();

/** The control stands on a message that is laid out by components, which it stays for good. */
const isOnPanel = (interaction: Answerable): boolean =>
  (interaction.isMessageComponent() ||
    (interaction.isModalSubmit() && interaction.isFromMessage())) &&
  interaction.message.flags.has(MessageFlags.IsComponentsV2);

import type {
  MessageContextMenuCommandInteraction,
  UserContextMenuCommandInteraction,
} from "discord.js";
import { MessageFlags } from "discord-api-types/v10";
import { messageId } from "../../core/ids.ts";
import type { Log } from "../../core/log.ts";
import { asError } from "../../lib/as-error.ts";
import type { ActionOutcome } from "../commands/define-action.ts";
import type { CommandContext, Offer } from "../commands/define-command.ts";
import type { Menu, TargetMessage, TargetPerson } from "../commands/define-menu.ts";
import { toPlain } from "../plain.ts";
import { toUserId } from "../snowflake.ts";
import { WORDS } from "../words.ts";
import { enter, type EnterDeps } from "./enter.ts";
import { replace, tell, type RespondDeps } from "./respond.ts";

export interface MenusDeps extends EnterDeps, RespondDeps {
  readonly menus: readonly Menu[];
  readonly log: Log;
}

type Opened = MessageContextMenuCommandInteraction | UserContextMenuCommandInteraction;

export async function runMenu(
  deps: MenusDeps,
  interaction: Opened,
  signal: AbortSignal,
): Promise<void> {
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  const found = find(deps.menus, interaction);
  if (!found) return tell(interaction, WORDS.unknownCommand);
  const entered = await enter(deps, interaction, "command", signal, found);
  if (entered.kind === "out") return tell(interaction, entered.words);
  const { context } = entered;
  try {
    const outcome = await found.run(context);
    if (outcome.kind === "nothing") await interaction.deleteReply();
    else await replace(deps, interaction, context.scope, outcome.reply);
  } catch (error) {
    const { commandName: menu } = interaction;
    deps.log.error({ menu, error: asError(error) }, "menu-failed");
    await tell(interaction, WORDS.broken);
  }
}

/** What the entry does with what it was opened on, and where it is offered. */
interface Found {
  readonly run: (context: CommandContext) => Promise<ActionOutcome>;
  readonly offer: Offer;
}

function find(menus: readonly Menu[], interaction: Opened): Found | null {
  for (const menu of menus) {
    const { name, offer = "with-her" } = menu;
    if (name !== interaction.commandName) continue;
    if (menu.on === "message" && interaction.isMessageContextMenuCommand()) {
      const target = toMessage(interaction);
      return { offer, run: (context) => menu.run(target, context) };
    }
    if (menu.on === "person" && interaction.isUserContextMenuCommand()) {
      const target = toPerson(interaction);
      return { offer, run: (context) => menu.run(target, context) };
    }
  }
  return null;
}

const toMessage = ({ targetMessage }: MessageContextMenuCommandInteraction): TargetMessage => ({
  kind: "message",
  id: messageId(`discord:${targetMessage.id}`),
  authorId: targetMessage.author.id,
  authorName: toPlain(targetMessage.author.displayName),
  text: targetMessage.content,
  sentAt: targetMessage.createdAt,
  url: targetMessage.url,
});

const toPerson = ({ targetUser }: UserContextMenuCommandInteraction): TargetPerson => ({
  kind: "person",
  userId: toUserId(targetUser.id),
  name: toPlain(targetUser.displayName),
});

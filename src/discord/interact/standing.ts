import type { APIActionRowComponent, APIComponentInMessageActionRow } from "discord-api-types/v10";
import type { MessageComponentInteraction } from "discord.js";
import type { Log } from "../../core/log.ts";
import { asError } from "../../lib/as-error.ts";
import type { CommandContext } from "../commands/define-command.ts";
import type { Reply } from "../commands/reply.ts";
import { WORDS } from "../words.ts";
import { enter, type EnterDeps } from "./enter.ts";
import { tell, whisper, type RespondDeps } from "./respond.ts";

/** Which press it is. */
export interface StandingPress {
  readonly customId: string;
  /** The platform's id of the press itself. */
  readonly id: string;
  readonly channelId: string;
  /** The message that the button stands on. */
  readonly messageId: string;
  /** What else stands below that message, as Discord gave it. */
  readonly otherRows: readonly unknown[];
}

/**
 * A button that everybody sees, below an answer or a card: all that it needs stands in its custom id, so that it works
 * as long as its message is there.
 */
export interface StandingButton {
  readonly isMine: (customId: string) => boolean;
  /** Words for the one who pressed; what takes the message's place; null when what comes of it says enough. It checks who may. */
  readonly press: (
    press: StandingPress,
    context: CommandContext,
  ) => Promise<string | InPlace | Whispered | null>;
}

/** Comes below it, for the one who pressed only. */
export interface Whispered {
  readonly whisper: Reply;
}

export interface InPlace {
  readonly content: string;
  readonly components: readonly APIActionRowComponent<APIComponentInMessageActionRow>[];
}

export interface StandingDeps extends EnterDeps, RespondDeps {
  readonly standing: readonly StandingButton[];
  readonly log: Log;
}

export async function pressStanding(
  deps: StandingDeps,
  interaction: MessageComponentInteraction,
  signal: AbortSignal,
): Promise<void> {
  await interaction.deferUpdate();
  const { customId, id, channelId, message } = interaction;
  const button = deps.standing.find(({ isMine }) => isMine(customId));
  if (!button) return tell(interaction, WORDS.oldComponent);
  const entered = await enter(deps, interaction, "component", signal);
  if (entered.kind === "out") return tell(interaction, entered.words);
  try {
    const otherRows = message.components
      .map((row) => row.toJSON())
      .filter((row) => !JSON.stringify(row).includes(JSON.stringify(customId)));
    const press = { customId, id, channelId, messageId: message.id, otherRows };
    const words = await button.press(press, entered.context);
    if (typeof words === "string") await tell(interaction, words);
    else if (words !== null && "whisper" in words)
      await whisper(deps, interaction, entered.context.scope, words.whisper);
    else if (words !== null)
      await interaction.editReply({
        content: words.content,
        components: [...words.components],
        allowedMentions: { parse: [] },
      });
  } catch (error) {
    deps.log.error({ error: asError(error) }, "press-failed");
    await tell(interaction, WORDS.broken);
  }
}

import type { Interaction } from "discord.js";
import { asError } from "../lib/as-error.ts";
import type { CommandGroup } from "./commands/define-command.ts";
import { openForm, runAction, type OfferedAction } from "./interact/actions.ts";
import { runCommand, suggest, type CommandsDeps } from "./interact/commands.ts";
import { runMenu, type MenusDeps } from "./interact/menus.ts";
import { controlOf } from "./interact/payload.ts";
import { tell } from "./interact/respond.ts";
import { pressStanding, type StandingDeps } from "./interact/standing.ts";
import { WORDS } from "./words.ts";

export type InteractionsDeps = Omit<CommandsDeps & MenusDeps & StandingDeps, "opensForm">;

/**
 * Answers commands, menus, controls, forms and proposals. Discord gives three seconds, so the first thing is always to
 * say "I have heard", and only then is anything looked up. Never throws: a person gets words, the log the rest.
 */
export function createInteractions(
  given: InteractionsDeps,
): (interaction: Interaction, signal: AbortSignal) => Promise<void> {
  const actions = actionsOf(given.groups);
  const opensForm = (name: string) => "form" in (actions.get(name)?.action ?? {});
  const deps = { ...given, actions, opensForm };

  async function answer(interaction: Interaction, signal: AbortSignal): Promise<void> {
    if (interaction.isAutocomplete()) return suggest(deps, interaction, signal);
    if (interaction.isChatInputCommand()) return runCommand(deps, interaction, signal);
    if (interaction.isMessageContextMenuCommand() || interaction.isUserContextMenuCommand())
      return runMenu(deps, interaction, signal);
    if (interaction.isMessageComponent()) {
      const control = controlOf(interaction.customId);
      if (!control) return pressStanding(deps, interaction, signal);
      return (control.opensForm ? openForm : runAction)(deps, interaction, control.id, signal);
    }
    if (interaction.isModalSubmit()) {
      const control = controlOf(interaction.customId);
      if (control) return runAction(deps, interaction, control.id, signal);
      return tell(interaction, WORDS.oldComponent);
    }
  }

  return async (interaction, signal) => {
    try {
      await answer(interaction, signal);
    } catch (error) {
      // Too late for Discord, answered already, or the database is away: whoever can still be told is told.
      deps.log.warn({ interactionId: interaction.id, error: asError(error) }, "interaction-failed");
      if (
        interaction.isRepliable() &&
        "editReply" in interaction &&
        !interaction.isPrimaryEntryPointCommand()
      )
        await tell(interaction, WORDS.broken).catch(() => {}); // There is nobody left to tell.
    }
  };
}

/** By name. Two of one name would be a mistake of ours. */
function actionsOf(groups: readonly CommandGroup[]): ReadonlyMap<string, OfferedAction> {
  const all = new Map<string, OfferedAction>();
  for (const { actions = [], offer = "with-her" } of groups)
    for (const action of actions) {
      if (all.has(action.name)) throw new Error(`Two actions are named ${action.name}`);
      all.set(action.name, { action, offer });
    }
  return all;
}

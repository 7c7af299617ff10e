import { createHash } from "node:crypto";
import type { REST } from "discord.js";
import type { RESTPostAPIChatInputApplicationCommandsJSONBody as Definition } from "discord-api-types/v10";
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  Routes,
} from "discord-api-types/v10";
import type { Log } from "../../core/log.ts";
import type { Notes } from "../../core/stores.ts";
import { asError } from "../../lib/as-error.ts";
import { pause } from "../../lib/pause.ts";
import type { Snowflake } from "../snowflake.ts";
import type { Command } from "./define-command.ts";

/** Discord takes 200 new commands a day: a refusal is no reason to ask again soon. */
const FIRST_PAUSE_MS = 60_000;
const MAX_PAUSE_MS = 3_600_000;
const NOTE = "discord-commands";

/** All of Clara's commands are one of Discord's, with subcommands: one name in the list of a server. */
export const toDefinition = (commands: readonly Command[]): Definition => ({
  type: ApplicationCommandType.ChatInput,
  name: "clara",
  description: "Help, information and settings",
  contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
  integration_types: [ApplicationIntegrationType.GuildInstall],
  options: commands.map(({ name, description, options }) => ({
    type: ApplicationCommandOptionType.Subcommand,
    name,
    description,
    options: [...options],
  })),
});

interface Deps {
  readonly rest: REST;
  readonly notes: Notes;
  readonly log: Log;
}

/** Registers the commands at Discord in one request, unless these very ones are registered already. Tries until the signal. */
export async function registerCommands(
  { rest, notes, log }: Deps,
  applicationId: Snowflake,
  definition: Definition,
  signal: AbortSignal,
): Promise<void> {
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([applicationId, definition]))
    .digest("hex");
  for (
    let pauseMs = FIRST_PAUSE_MS;
    !signal.aborted;
    pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)
  ) {
    try {
      if ((await notes.get(NOTE)) === fingerprint) return;
      await rest.put(Routes.applicationCommands(applicationId), { body: [definition], signal });
      await notes.set(NOTE, fingerprint);
      return log.info({}, "commands-registered");
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ pauseMs, error: asError(error) }, "commands-not-registered");
      await pause(pauseMs, signal);
    }
  }
}

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { REST } from "discord.js";
import type { RESTPostAPIApplicationCommandsJSONBody as Definition } from "discord-api-types/v10";
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
import type { CommandGroup, Offer } from "./define-command.ts";
import type { Menu } from "./define-menu.ts";

/** Discord takes 200 new commands a day: a refusal is no reason to ask again soon. */
const FIRST_PAUSE_MS = 60_000;
const MAX_PAUSE_MS = 3_600_000;
const NOTE = "discord-commands";

/** Discord takes so many menu entries of each kind. */
const MAX_MENUS = 5;

/** Each group is one of Discord's commands, with subcommands: few names in the list of a server. Menus stand beside them. */
export function toDefinitions(
  groups: readonly CommandGroup[],
  menus: readonly Menu[],
): readonly Definition[] {
  const onMessages = menus.filter(({ on }) => on === "message");
  const onPeople = menus.filter(({ on }) => on === "person");
  assert(
    Math.max(onMessages.length, onPeople.length) <= MAX_MENUS,
    "Discord takes five menus a kind",
  );
  return [...groups.map(toCommand), ...onMessages.map(toMenu), ...onPeople.map(toMenu)];
}

const { Guild, BotDM, PrivateChannel } = InteractionContextType;
const { GuildInstall, UserInstall } = ApplicationIntegrationType;

type Where = Required<Pick<Definition, "contexts" | "integration_types">>;

const WHERE: Readonly<Record<Offer, Where>> = {
  "with-her": { contexts: [Guild, BotDM], integration_types: [GuildInstall] },
  servers: { contexts: [Guild], integration_types: [GuildInstall] },
  anywhere: {
    contexts: [Guild, BotDM, PrivateChannel],
    integration_types: [GuildInstall, UserInstall],
  },
};

const toCommand = ({
  name,
  description,
  offer = "with-her",
  memberPermissions,
  commands,
}: CommandGroup): Definition => ({
  ...WHERE[offer],
  type: ApplicationCommandType.ChatInput,
  name,
  description,
  ...(memberPermissions === undefined
    ? {}
    : { default_member_permissions: String(memberPermissions) }),
  options: commands.map((command) => ({
    type: ApplicationCommandOptionType.Subcommand,
    name: command.name,
    description: command.description,
    options: [...command.options],
  })),
});

const toMenu = ({ on, name, offer = "with-her" }: Menu): Definition => ({
  ...WHERE[offer],
  type: on === "message" ? ApplicationCommandType.Message : ApplicationCommandType.User,
  name,
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
  definitions: readonly Definition[],
  signal: AbortSignal,
): Promise<void> {
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([applicationId, definitions]))
    .digest("hex");
  for (
    let pauseMs = FIRST_PAUSE_MS;
    !signal.aborted;
    pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)
  ) {
    try {
      if ((await notes.get(NOTE)) === fingerprint) return;
      await rest.put(Routes.applicationCommands(applicationId), { body: definitions, signal });
      await notes.set(NOTE, fingerprint);
      return log.info({}, "commands-registered");
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ pauseMs, error: asError(error) }, "commands-not-registered");
      await pause(pauseMs, signal);
    }
  }
}

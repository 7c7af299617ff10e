import type { AutocompleteInteraction, ChatInputCommandInteraction } from "discord.js";
import { MessageFlags } from "discord-api-types/v10";
import type { Attachment } from "../../core/message.ts";
import type { Log } from "../../core/log.ts";
import { asError } from "../../lib/as-error.ts";
import type { Command, CommandGroup, CommandInput } from "../commands/define-command.ts";
import type { Choice } from "../commands/reply.ts";
import { WORDS } from "../words.ts";
import { enter, type EnterDeps } from "./enter.ts";
import { cut } from "./payload.ts";
import { replace, tell, type RespondDeps } from "./respond.ts";

/** Discord waits three seconds for proposals. */
const MAX_SUGGEST_MS = 2_000;
const MAX_CHOICES = 25;
const MAX_CHOICE_CHARS = 100;

export interface CommandsDeps extends EnterDeps, RespondDeps {
  readonly groups: readonly CommandGroup[];
  readonly log: Log;
}

export async function runCommand(
  deps: CommandsDeps,
  interaction: ChatInputCommandInteraction,
  signal: AbortSignal,
): Promise<void> {
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  const found = find(deps.groups, interaction);
  if (!found) return tell(interaction, WORDS.unknownCommand);
  const { command } = found;
  const entered = await enter(deps, interaction, "command", signal, found);
  if (entered.kind === "out") return tell(interaction, entered.words);
  const context = { ...entered.context, attachments: attachmentsOf(interaction, command) };
  try {
    const said = await command.run(inputOf(interaction, command), context);
    const reply = typeof said === "string" ? { text: said } : said;
    await replace(deps, interaction, context.scope, reply);
  } catch (error) {
    deps.log.error({ command: command.name, error: asError(error) }, "command-failed");
    await tell(interaction, WORDS.broken);
  }
}

/** What goes wrong here is no proposal: the person may still write what he means. */
export async function suggest(
  deps: CommandsDeps,
  interaction: AutocompleteInteraction,
  signal: AbortSignal,
): Promise<void> {
  const choices = await proposals(deps, interaction, signal).catch((error: unknown) => {
    deps.log.debug({ error: asError(error) }, "no-proposals");
    return [];
  });
  await interaction.respond(
    choices
      .filter(({ value }) => value.length <= MAX_CHOICE_CHARS)
      .slice(0, MAX_CHOICES)
      .map(({ name, value }) => ({ name: cut(name, MAX_CHOICE_CHARS), value })),
  );
}

async function proposals(
  deps: CommandsDeps,
  interaction: AutocompleteInteraction,
  signal: AbortSignal,
): Promise<readonly Choice[]> {
  const found = find(deps.groups, interaction);
  const { name, value } = interaction.options.getFocused(true);
  const propose = found?.command.suggest?.[name];
  if (!found || !propose) return [];
  const late = AbortSignal.timeout(MAX_SUGGEST_MS);
  const within = AbortSignal.any([signal, late]);
  const ended = Promise.withResolvers<readonly Choice[]>();
  within.addEventListener("abort", () => ended.resolve([]), { once: true });
  const asked = async () => {
    const entered = await enter(deps, interaction, "command", within, { offer: found.offer });
    if (entered.kind === "out") return [];
    return propose(value, inputOf(interaction, found.command), {
      ...entered.context,
      signal: within,
    });
  };
  return Promise.race([asked(), ended.promise]);
}

type Named = ChatInputCommandInteraction | AutocompleteInteraction;

/** The command, with what decides who comes in. */
function find(groups: readonly CommandGroup[], interaction: Named) {
  const group = groups.find(({ name }) => name === interaction.commandName);
  const subcommand = interaction.options.getSubcommand(false);
  const command = group?.commands.find(({ name }) => name === subcommand);
  if (!group || !command) return null;
  const { offer = "with-her" } = group;
  return { command, offer, isForRefused: command.isForRefused ?? false };
}

const inputOf = (interaction: Named, { options }: Command): CommandInput =>
  Object.fromEntries(
    options.flatMap(({ name }) => {
      const value = interaction.options.get(name)?.value;
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );

const attachmentsOf = (
  interaction: ChatInputCommandInteraction,
  { options }: Command,
): Readonly<Record<string, Attachment>> =>
  Object.fromEntries(
    options.flatMap(({ name }) => {
      const given = interaction.options.get(name)?.attachment;
      if (!given) return [];
      const { id, contentType, size: sizeBytes, url } = given;
      return [[name, { id, name: given.name, contentType, sizeBytes, url }]];
    }),
  );

import type { ButtonInteraction, ChatInputCommandInteraction, Interaction } from "discord.js";
import { MessageFlags, PermissionFlagsBits } from "discord-api-types/v10";
import type { Log } from "../core/log.ts";
import type { Conversation } from "../core/message.ts";
import type { Principal, Scope, Via } from "../core/principal.ts";
import type { TurnStore } from "../core/stores.ts";
import { asError } from "../lib/as-error.ts";
import { leadsTo, toRows } from "./announcer.ts";
import type { Command, CommandContext } from "./commands/define-command.ts";
import { toConversation } from "./conversation.ts";
import { entryRefusal, type GateRules } from "./gate.ts";
import { turnToStop } from "./outlet-message.ts";
import { toPlain } from "./plain.ts";
import type { Press, PressOutcome } from "./press.ts";
import { toGuildId, toUserId, type Snowflake } from "./snowflake.ts";
import { refused, WORDS } from "./words.ts";

const CHANNEL_MANAGERS = PermissionFlagsBits.ManageChannels | PermissionFlagsBits.Administrator;
const GUILD_ADMINS = PermissionFlagsBits.ManageGuild | PermissionFlagsBits.Administrator;

interface Deps {
  readonly commands: readonly Command[];
  readonly rules: GateRules;
  readonly adminRoleId: Snowflake | null;
  readonly turns: Pick<TurnStore, "cancel">;
  readonly poke: () => void;
  /** Buttons of announcements, each tried in turn. */
  readonly presses: readonly Press[];
  readonly log: Log;
}

/**
 * Answers commands and buttons. Discord gives three seconds, so the first thing is always to say "I have heard", and
 * only then is anything looked up. Never throws: a person gets words, the log the rest.
 */
export function createInteractions(
  deps: Deps,
): (interaction: Interaction, signal: AbortSignal) => Promise<void> {
  async function runCommand(
    interaction: ChatInputCommandInteraction,
    signal: AbortSignal,
  ): Promise<void> {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await interaction.editReply({
      content: await answer(interaction, signal),
      allowedMentions: { parse: [] },
    });
  }

  async function answer(
    interaction: ChatInputCommandInteraction,
    signal: AbortSignal,
  ): Promise<string> {
    const context = contextOf(interaction, "command", deps.adminRoleId, signal);
    if (!context) return WORDS.unknownCommand;
    const { conversation, scope } = context;
    const refusal = entryRefusal(deps.rules, conversation, scope.principal.roleIds);
    if (refusal) return refused(refusal);
    const subcommand = interaction.options.getSubcommand(false);
    const command = deps.commands.find(({ name }) => name === subcommand);
    if (interaction.commandName !== "clara" || !command) return WORDS.unknownCommand;
    try {
      const reply = await command.run(inputOf(interaction, command), context);
      return typeof reply === "string" ? reply : reply.text;
    } catch (error) {
      deps.log.error({ command: command.name, error: asError(error) }, "command-failed");
      return WORDS.broken;
    }
  }

  async function press(interaction: ButtonInteraction, signal: AbortSignal): Promise<void> {
    await interaction.deferUpdate();
    const announced = leadsTo(interaction.customId);
    if (announced !== null) return pressAnnounced(interaction, announced, signal);
    const words = await stop(interaction, signal);
    if (words !== null)
      await interaction.followUp({
        content: words,
        flags: MessageFlags.Ephemeral,
        allowedMentions: { parse: [] },
      });
  }

  /** A button of what was said by the clock: there is no store behind it, what it leads to stands in its id. */
  async function pressAnnounced(
    interaction: ButtonInteraction,
    target: string,
    signal: AbortSignal,
  ): Promise<void> {
    const context = contextOf(interaction, "component", deps.adminRoleId, signal);
    const outcome = context ? await heard(target, context) : null;
    const content = outcome?.text ?? WORDS.oldComponent;
    const allowedMentions = { parse: [] };
    if (outcome?.kind === "replace")
      await interaction.editReply({ content, components: toRows(outcome.rows), allowedMentions });
    else await interaction.followUp({ content, flags: MessageFlags.Ephemeral, allowedMentions });
  }

  async function heard(target: string, context: CommandContext): Promise<PressOutcome | null> {
    const refusal = entryRefusal(deps.rules, context.conversation, context.scope.principal.roleIds);
    if (refusal) return { kind: "whisper", text: refused(refusal) };
    try {
      for (const press of deps.presses) {
        const outcome = await press(target, context);
        if (outcome) return outcome;
      }
      return null;
    } catch (error) {
      deps.log.error({ target, error: asError(error) }, "press-failed");
      return { kind: "whisper", text: WORDS.broken };
    }
  }

  /** null when it is stopped: the answer itself will show it. */
  async function stop(interaction: ButtonInteraction, signal: AbortSignal): Promise<string | null> {
    const turn = turnToStop(interaction.customId);
    const context = contextOf(interaction, "component", deps.adminRoleId, signal);
    if (turn === null || !context) return WORDS.oldComponent;
    const refusal = entryRefusal(deps.rules, context.conversation, context.scope.principal.roleIds);
    if (refusal) return refused(refusal);
    try {
      if (!(await deps.turns.cancel(context.scope, turn, "stopped"))) return WORDS.notYours;
      deps.poke();
      return null;
    } catch (error) {
      deps.log.error({ turnId: turn, error: asError(error) }, "stop-failed");
      return WORDS.broken;
    }
  }

  return async (interaction, signal) => {
    try {
      if (interaction.isChatInputCommand()) await runCommand(interaction, signal);
      else if (interaction.isButton()) await press(interaction, signal);
      else if (interaction.isAutocomplete()) await interaction.respond([]);
      else if (interaction.isRepliable())
        await interaction.reply({ content: WORDS.oldComponent, flags: MessageFlags.Ephemeral });
    } catch (error) {
      // Too late for Discord, or answered already: there is nobody left to tell.
      deps.log.warn({ interactionId: interaction.id, error: asError(error) }, "interaction-failed");
    }
  };
}

/** null when Discord does not say where it was. */
function contextOf(
  interaction: ChatInputCommandInteraction | ButtonInteraction,
  via: Via,
  adminRoleId: Snowflake | null,
  signal: AbortSignal,
): CommandContext | null {
  const conversation = placeOf(interaction);
  if (!conversation) return null;
  const { user, member, memberPermissions, guildId } = interaction;
  const roleIds =
    member === null
      ? []
      : Array.isArray(member.roles)
        ? member.roles
        : [...member.roles.cache.keys()];
  const permissions = memberPermissions?.bitfield ?? 0n;
  const principal: Principal = {
    platform: "discord",
    userId: toUserId(user.id),
    displayName: toPlain(user.displayName),
    guildId: guildId === null ? null : toGuildId(guildId),
    roleIds,
    permissions,
    via,
  };
  const scope: Scope = { principal, audience: conversation.audience };
  const holdsAdminRole = adminRoleId !== null && roleIds.includes(adminRoleId);
  const isChannelManager =
    guildId !== null && ((permissions & CHANNEL_MANAGERS) !== 0n || holdsAdminRole);
  const isGuildAdmin = guildId !== null && (permissions & GUILD_ADMINS) !== 0n;
  const { locale } = interaction;
  // The operator's id is not known here yet.
  const isOperator = false;
  return { scope, conversation, isChannelManager, isGuildAdmin, isOperator, locale, signal };
}

function placeOf({
  channel,
  user,
  guildId,
}: ChatInputCommandInteraction | ButtonInteraction): Conversation | null {
  if (channel === null) return null;
  const name =
    "name" in channel && typeof channel.name === "string" ? channel.name : user.displayName;
  const parentId = "parentId" in channel ? channel.parentId : null;
  return toConversation({ id: channel.id, type: channel.type, guildId, parentId, name }, user.id);
}

const inputOf = (
  interaction: ChatInputCommandInteraction,
  { options }: Command,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    options.flatMap(({ name }) => {
      const value = interaction.options.get(name)?.value;
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );

import assert from "node:assert/strict";
import type { Principal } from "../src/core/principal.ts";
import { PermissionFlagsBits } from "discord-api-types/v10";
import type { Action, ActionOutcome, FormAction } from "../src/discord/commands/define-action.ts";
import type { CommandContext } from "../src/discord/commands/define-command.ts";
import type { TargetMessage } from "../src/discord/commands/define-menu.ts";
import type { Reply } from "../src/discord/commands/reply.ts";
import { toConversation } from "../src/discord/conversation.ts";
import type { Discord } from "../src/discord/index.ts";
import { toGuildId, toMessageId, toUserId } from "../src/discord/snowflake.ts";
import type { FakeDiscord, Message, Place } from "./fake-discord/index.ts";

interface Person {
  readonly id: string;
  readonly user: { readonly username: string };
}

/** Who runs a menu or a command, and where: with the rights that this Discord gives him there. */
export function contextOf(
  discord: FakeDiscord,
  who: Person,
  where: Place = discord.general,
  change: Partial<CommandContext> = {},
): CommandContext {
  const { id, type, guildId, parentId, name } = where.channel;
  const facts = { id, type, guildId: guildId ?? null, parentId: parentId ?? null, name };
  const conversation = toConversation(facts, who.id);
  const permissions = guildId === null ? 0n : where.permissionsOf(who);
  const principal: Principal = {
    platform: "discord",
    userId: toUserId(who.id),
    displayName: who.user.username,
    guildId: guildId === null ? null : toGuildId(guildId),
    roleIds: rolesOf(discord, who),
    permissions,
    via: "command",
  };
  return {
    scope: { principal, audience: conversation.audience },
    conversation,
    isChannelManager: (permissions & PermissionFlagsBits.ManageChannels) !== 0n,
    isGuildAdmin: false,
    isOperator: false,
    isCarried: false,
    locale: "en-US",
    signal: new AbortController().signal,
    ...change,
  };
}

const rolesOf = (discord: FakeDiscord, { id }: Person): readonly string[] =>
  discord.guild.guild.members.get(id)?.roleIds ?? [];

const targetOf = (message: Message): TargetMessage => ({
  kind: "message",
  id: toMessageId(message.id),
  authorId: message.author.id,
  authorName: message.author.username,
  text: message.content,
  sentAt: new Date(message.createdAt),
  url: "",
});

const replyOf = (outcome: ActionOutcome): Reply => {
  assert(outcome.kind !== "nothing");
  return outcome.reply;
};

/** What a person reads who chooses this entry on a message. */
export async function chooses(
  { surface }: Discord,
  name: string,
  message: Message,
  context: CommandContext,
): Promise<Reply> {
  const menu = surface.menus.find((each) => each.name === name);
  assert(menu?.on === "message", `There is no menu "${name}"`);
  return replyOf(await menu.run(targetOf(message), context));
}

/** What a person reads who runs a command of a group. */
export async function runs(
  { surface }: Discord,
  line: string,
  input: Readonly<Record<string, string>>,
  context: CommandContext,
): Promise<string> {
  const [group, name] = line.split(" ");
  const command = surface.groups
    .find((each) => each.name === group)
    ?.commands.find((each) => each.name === name);
  assert(command, `There is no command "${line}"`);
  const reply = await command.run(input, context);
  return typeof reply === "string" ? reply : reply.text;
}

/** What a person reads who presses this button of a reply; `fields` is what he fills into the form it opens. */
export async function presses(
  { surface }: Discord,
  reply: Reply,
  label: string,
  context: CommandContext,
  fields: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const button = reply.rows?.flat().find((each) => each.kind === "button" && each.label === label);
  assert(button?.kind === "button", `There is no button "${label}"`);
  const all = surface.groups.flatMap(({ actions = [] }) => actions);
  const first = actionNamed(all, button.action);
  const given = { data: button.data, values: [], fields: {} };
  if (!("form" in first)) return replyOf(await first.run(given, context));
  const form = first.form(given, context);
  const then = actionNamed(all, form.action);
  assert("run" in then);
  return replyOf(await then.run({ data: form.data, values: [], fields }, context));
}

function actionNamed(all: readonly (Action | FormAction)[], name: string): Action | FormAction {
  const action = all.find((each) => each.name === name);
  assert(action, `There is no action "${name}"`);
  return action;
}

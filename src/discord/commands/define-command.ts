import type { APIApplicationCommandBasicOption } from "discord-api-types/v10";
import type { Attachment, Conversation } from "../../core/message.ts";
import type { Scope } from "../../core/principal.ts";
import type { Action, FormAction } from "./define-action.ts";
import type { Choice, Reply } from "./reply.ts";

/**
 * Where Discord offers a command or a menu. "with-her": in servers where she is, and in her DMs. "servers": there only.
 * "anywhere": also to people who installed her on their own account, in servers and groups where she is not. She is then
 * to them as in their DM, so that only what needs nothing of the place can be "anywhere".
 */
export type Offer = "with-her" | "servers" | "anywhere";

/** Who runs a command, and where. Nothing in it comes from what a person typed. */
export interface CommandContext {
  readonly scope: Scope;
  readonly conversation: Conversation;
  /** True for those who may manage channels here, and for holders of the operator's admin role. */
  readonly isChannelManager: boolean;
  /** True for those who may manage the server here (ADMINISTRATOR or MANAGE_GUILD). */
  readonly isGuildAdmin: boolean;
  /** True for the bot's own operator, by id. */
  readonly isOperator: boolean;
  /** Asked from a server or group where she is not, by somebody who brought her along: `conversation` is his DM. */
  readonly isCarried: boolean;
  /** Discord's language of the person, for example "de" or "en-US". */
  readonly locale: string;
  /** Of a command: what was attached to it, by the option's name. */
  readonly attachments?: Readonly<Record<string, Attachment>>;
  readonly signal: AbortSignal;
}

/** What is in the form, as text, by the option's name; what was left out is missing. */
export type CommandInput = Readonly<Record<string, string>>;

/** Proposes values while a person types. Within 2 s, at most 25; what it throws is no proposal. */
export type Suggest = (
  typed: string,
  input: CommandInput,
  context: CommandContext,
) => Promise<readonly Choice[]>;

/** One subcommand: a file each. It never sees discord.js, so its test needs no Discord. */
export interface Command {
  readonly name: string;
  readonly description: string;
  readonly options: readonly APIApplicationCommandBasicOption[];
  /** By option name; the option is then declared with `autocomplete: true`. */
  readonly suggest?: Readonly<Record<string, Suggest>>;
  /** Runs for people whom the gate keeps out, too, because it tells them why; not for those who are blocked. */
  readonly isForRefused?: boolean;
  /** What only the person who asked reads. Discord's form has been obeyed, as far as Discord enforces it. */
  readonly run: (input: CommandInput, context: CommandContext) => Promise<string | Reply>;
}

/** One of Discord's top-level commands, with its subcommands: `/memory list`. */
export interface CommandGroup {
  readonly name: string;
  readonly description: string;
  /** Left out: "with-her". */
  readonly offer?: Offer;
  /** Discord's own permission bits, so that others do not even see it. Our own check comes at use. */
  readonly memberPermissions?: bigint;
  readonly commands: readonly Command[];
  /** What the controls of its replies lead to. */
  readonly actions?: readonly (Action | FormAction)[];
}

/** The identity functions with types. */
export const defineCommand = (command: Command): Command => command;
export const defineGroup = (group: CommandGroup): CommandGroup => group;

import type { APIApplicationCommandBasicOption } from "discord-api-types/v10";
import type { Conversation } from "../../core/message.ts";
import type { Scope } from "../../core/principal.ts";

/** Who runs a command, and where. Nothing in it comes from what a person typed. */
export interface CommandContext {
  readonly scope: Scope;
  readonly conversation: Conversation;
  /** True for those who may manage channels here, and for holders of the operator's admin role. */
  readonly isChannelManager: boolean;
  readonly signal: AbortSignal;
}

/** What is in the form: text only, by the option's name; what was left out is missing. */
export type CommandInput = Readonly<Record<string, string>>;

/** One subcommand: a file each. It never sees discord.js, so its test needs no Discord. */
export interface Command {
  readonly name: string;
  readonly description: string;
  readonly options: readonly APIApplicationCommandBasicOption[];
  /** The words that only the person who asked reads. Discord's form has been obeyed, as far as Discord enforces it. */
  readonly run: (input: CommandInput, context: CommandContext) => Promise<string>;
}

/** The identity function with types. */
export const defineCommand = (command: Command): Command => command;

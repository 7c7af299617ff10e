import type { CommandContext } from "../src/discord/commands/define-command.ts";
import type { Place } from "./talk.ts";

/** Somebody at a command: a member without rights of his own, unless `change` gives him some. */
export const commandContext = (
  place: Pick<Place, "scope" | "conversation">,
  name: string,
  change: Partial<CommandContext> = {},
): CommandContext => ({
  scope: place.scope(name),
  conversation: place.conversation,
  isChannelManager: false,
  isGuildAdmin: false,
  isOperator: false,
  isCarried: false,
  locale: "en-GB",
  signal: new AbortController().signal,
  ...change,
});

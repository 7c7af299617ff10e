import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
} from "discord-api-types/v10";
import { pickServer, serversFor, type McpDesk } from "../../core/mcp-desk.ts";
import { mayManage, type McpServer } from "../../core/mcp.ts";
import type { CommandContext, CommandInput, Suggest } from "./define-command.ts";
import { ownerWords } from "./mcp-words.ts";

const MAX_SUGGESTED = 25;
const MAX_CHOICE_CHARS = 100;

/** The option that names a server. */
export const serverOption = (required: boolean): APIApplicationCommandBasicOption => ({
  type: ApplicationCommandOptionType.String,
  name: "server",
  description: "Its name",
  required,
  autocomplete: true,
});

type Desk = Pick<McpDesk, "servers">;

/** What is told is read by the person alone: his own are told, too. */
export const serversOf = ({ servers }: Desk, { scope, isOperator, isGuildAdmin }: CommandContext) =>
  serversFor(servers, scope, { isOperator, isAdmin: isGuildAdmin }, true);

export const suggestServers =
  (desk: Desk): Suggest =>
  async (typed, _, context) => {
    const all = await serversOf(desk, context);
    return all
      .filter(({ name }) => name.includes(typed.toLowerCase()))
      .slice(0, MAX_SUGGESTED)
      .map(({ id, name, owner }) => ({
        name: `${name} (${ownerWords(owner)})`.slice(0, MAX_CHOICE_CHARS),
        value: id,
      }));
  };

/** The server that is meant; null for one that is not there, or not for this person to know. */
export const serverIn = async (desk: Desk, input: CommandInput, context: CommandContext) =>
  pickServer(await serversOf(desk, context), input["server"] ?? "");

export const UNKNOWN = "I know no such server here. `/mcp list` shows those that are there.";
export const NOT_YOURS =
  "That is for whoever it belongs to: its owner, the admins of the server that it is for, or whoever runs me.";

/** keepers: those who may manage channels do for a guild's, too; for what changes nothing of what it may do. */
export const managesServer = (
  { owner }: Pick<McpServer, "owner">,
  { scope, isOperator, isGuildAdmin, isChannelManager }: CommandContext,
  who: "admins" | "keepers" = "admins",
): boolean =>
  mayManage(owner, scope, isOperator, isGuildAdmin || (who === "keepers" && isChannelManager));

/** The server, when this person may manage it; otherwise why not. */
export async function managedIn(
  desk: Desk,
  input: CommandInput,
  context: CommandContext,
  who?: "admins" | "keepers",
): Promise<{ readonly server: McpServer } | { readonly refusal: string }> {
  const server = await serverIn(desk, input, context);
  if (server === null) return { refusal: UNKNOWN };
  return managesServer(server, context, who) ? { server } : { refusal: NOT_YOURS };
}

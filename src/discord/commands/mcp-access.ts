import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
} from "discord-api-types/v10";
import type { McpDesk } from "../../core/mcp-desk.ts";
import type { McpAccess, McpServer } from "../../core/mcp.ts";
import { toUserId } from "../snowflake.ts";
import { WORDS } from "../words.ts";
import { defineCommand, type CommandContext, type CommandInput } from "./define-command.ts";
import {
  managesServer,
  NOT_YOURS,
  serverIn,
  serverOption,
  suggestServers,
  UNKNOWN,
} from "./mcp-servers.ts";

type Desk = Pick<McpDesk, "servers" | "control">;

const OPTIONS: readonly APIApplicationCommandBasicOption[] = [
  serverOption(true),
  {
    type: ApplicationCommandOptionType.String,
    name: "who",
    description: "Left out: shows who may use it",
    required: false,
    choices: [
      { name: "people of this server", value: "guild" },
      { name: "one person", value: "person" },
      { name: "I, in this place, though others read along", value: "place" },
    ],
  },
  {
    type: ApplicationCommandOptionType.User,
    name: "person",
    description: "Which person",
    required: false,
  },
  {
    type: ApplicationCommandOptionType.String,
    name: "allowed",
    description: "Left out: on",
    required: false,
    choices: [
      { name: "on", value: "on" },
      { name: "off", value: "off" },
    ],
  },
];

/** `/mcp access`: who may use a server, and where one's own may be used. */
export const accessCommand = (desk: Desk) =>
  defineCommand({
    name: "access",
    description: "Who may use a server",
    options: OPTIONS,
    suggest: { server: suggestServers(desk) },
    async run(input, context) {
      const server = await serverIn(desk, input, context);
      if (server === null) return UNKNOWN;
      if (input["who"] === undefined)
        return managesServer(server, context) ? listOf(server) : NOT_YOURS;
      const wanted = accessIn(input, server, context);
      if ("refusal" in wanted) return wanted.refusal;
      await desk.servers.allow(server.id, wanted.access, input["allowed"] !== "off");
      desk.control.poke();
      const anew = await desk.servers.byId(server.id);
      return anew === null ? UNKNOWN : listOf(anew);
    },
  });

function accessIn(
  { who, person }: CommandInput,
  server: McpServer,
  context: CommandContext,
): { readonly access: McpAccess } | { readonly refusal: string } {
  const { principal } = context.scope;
  if (who === "place") return placeIn(server, context);
  if (!managesServer(server, context)) return { refusal: NOT_YOURS };
  if (server.owner.kind === "person")
    return {
      refusal:
        "It is yours alone: nobody else can use it. Where you may, though others read along, says `who:I, in this place`.",
    };
  if (who === "person")
    return person === undefined
      ? { refusal: "Say which person." }
      : { access: { kind: "person", userId: toUserId(person) } };
  return principal.guildId === null
    ? { refusal: WORDS.serversOnly }
    : { access: { kind: "guild", guildId: principal.guildId } };
}

/** What is a person's own, a server or a sign-in, is that person's to show. */
function placeIn({ owner, launch }: McpServer, { scope, conversation }: CommandContext) {
  const { userId } = scope.principal;
  const isOwn =
    (owner.kind === "person" && owner.userId === userId) ||
    (launch.kind === "http" && launch.auth === "person");
  if (!isOwn)
    return { refusal: "Nothing of it is your own: it is used here as it is by everybody." };
  if (scope.audience.kind === "private")
    return { refusal: "Here nobody but you reads along: it works already." };
  return { access: { kind: "place", userId, conversationId: conversation.id } as const };
}

function listOf({ name, owner, access }: McpServer): string {
  const people = access.filter(({ kind }) => kind === "person").length;
  const guilds = access.filter(({ kind }) => kind === "guild").length;
  const places = access.filter(({ kind }) => kind === "place").length;
  const base = {
    operator: "everybody who talks to me",
    guild: "the people of its server",
    person: "its owner",
  }[owner.kind];
  const listed = [
    ...(guilds > 0 ? [`${guilds} ${guilds === 1 ? "server" : "servers"}`] : []),
    ...(people > 0 ? [`${people} ${people === 1 ? "person" : "people"}`] : []),
  ];
  return [
    `**${name}** may be used by ${listed.length === 0 ? base : `${listed.join(" and ")}, out of ${base}`}.`,
    ...(places > 0
      ? [
          `-# In ${places} ${places === 1 ? "place" : "places"} it is used though others read along.`,
        ]
      : []),
  ].join("\n");
}

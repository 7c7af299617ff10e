import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
} from "discord-api-types/v10";
import { z } from "zod";
import { guildId, userId } from "../../core/ids.ts";
import type { McpDesk } from "../../core/mcp-desk.ts";
import { installRefusal, type McpOffer, type McpWish } from "../../core/mcp-install.ts";
import { mcpOffer } from "../../core/mcp-offer.ts";
import type { McpIsolation, McpOwner, McpServer } from "../../core/mcp.ts";
import type { JsonObject } from "../../core/model.ts";
import { pause } from "../../lib/pause.ts";
import { WORDS } from "../words.ts";
import { defineAction, defineFormAction, type ActionOutcome } from "./define-action.ts";
import { defineCommand, type CommandContext, type CommandInput } from "./define-command.ts";
import { formFor, readForm, tooManyWords } from "./mcp-form.ts";
import { toolsCard } from "./mcp-tools.ts";
import { offerWords, serverLine } from "./mcp-words.ts";
import type { Control, Reply } from "./reply.ts";

export type InstallDesk = Pick<McpDesk, "servers" | "installer" | "review" | "control">;

const INSTALL = "mcp-install";
const ASK = "mcp-install-ask";
const CANCEL = "mcp-install-cancel";
/** A press is at work for 15 s: a server that starts more slowly is looked at again. */
const WAIT_MS = 9_000;
const LOOK_MS = 300;

const owner = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("operator") }),
  z.object({ kind: z.literal("guild"), guildId: z.string().transform(guildId) }),
  z.object({ kind: z.literal("person"), userId: z.string().transform(userId) }),
]);
const about = z.object({ offer: mcpOffer, owner });

const OPTIONS: readonly APIApplicationCommandBasicOption[] = [
  {
    type: ApplicationCommandOptionType.String,
    name: "source",
    description:
      "A package, owner/repo, image, address, smithery:..., or a name that /mcp search finds",
    required: true,
    autocomplete: true,
  },
  {
    type: ApplicationCommandOptionType.String,
    name: "for",
    description:
      "Left out: for everybody by whoever runs me, else for this server, or for you in a DM",
    required: false,
    choices: [
      { name: "me", value: "person" },
      { name: "this server", value: "guild" },
      { name: "everybody", value: "operator" },
    ],
  },
  {
    type: ApplicationCommandOptionType.String,
    name: "name",
    description: "What it is called here",
    required: false,
  },
  {
    type: ApplicationCommandOptionType.String,
    name: "arguments",
    description: "For its program, separated by blanks",
    required: false,
  },
  {
    type: ApplicationCommandOptionType.String,
    name: "isolation",
    description: "Left out: in a container where there is Docker",
    required: false,
    choices: [
      { name: "container", value: "container" },
      { name: "process", value: "process" },
    ],
  },
];

/** `/mcp install`: shows what would be installed; a press installs it, and another agrees to its tools. */
export const installCommand = (desk: InstallDesk) =>
  defineCommand({
    name: "install",
    description: "Add a server that brings more tools",
    options: OPTIONS,
    suggest: { source: async (typed) => suggestions(desk, typed) },
    async run(input, context) {
      const whose = ownerIn(input, context);
      if ("refusal" in whose) return whose.refusal;
      const looked = await desk.installer.look(wishOf(input), context.isOperator, context.signal);
      if (looked.kind === "refused") return looked.says;
      const known = desk.installer.known(looked.offer, whose.owner);
      const refusal =
        refusalFor(desk, looked.offer, whose.owner, context) ?? tooManyWords(looked.offer, known);
      return refusal ?? offerCard(desk, looked.offer, whose.owner);
    },
  });

function suggestions({ installer }: InstallDesk, typed: string) {
  return installer
    .offered()
    .filter(({ source }) => source.includes(typed.toLowerCase()))
    .map(({ source, title }) => ({ name: `${title}: your key for it is set`, value: source }));
}

const ISOLATIONS: Readonly<Record<string, McpIsolation | undefined>> = {
  container: "container",
  process: "process",
};

const wishOf = ({
  source = "",
  name,
  arguments: args = "",
  isolation = "",
}: CommandInput): McpWish => ({
  source,
  name: name ?? null,
  isolation: ISOLATIONS[isolation] ?? null,
  args: args.split(/\s+/).filter(Boolean),
});

function ownerIn(
  { for: wanted }: CommandInput,
  { scope: { principal }, isOperator }: CommandContext,
): { readonly owner: McpOwner } | { readonly refusal: string } {
  const { guildId: guild, userId: person } = principal;
  const kind = wanted ?? (isOperator ? "operator" : guild === null ? "person" : "guild");
  if (kind === "operator") return { owner: { kind } };
  if (kind === "person") return { owner: { kind, userId: person } };
  return guild === null
    ? { refusal: WORDS.serversOnly }
    : { owner: { kind: "guild", guildId: guild } };
}

const refusalFor = (
  { installer }: InstallDesk,
  offer: McpOffer,
  whose: McpOwner,
  { scope, isOperator, isGuildAdmin }: CommandContext,
): string | null =>
  installRefusal(
    offer,
    whose,
    scope,
    { isOperator, isAdmin: isGuildAdmin },
    installer.adminsRunPrograms,
  );

function offerCard({ installer }: InstallDesk, offer: McpOffer, whose: McpOwner): Reply {
  const known = installer.known(offer, whose);
  const data = { offer, owner: whose } as unknown as JsonObject;
  const isAsked = formFor(offer, known, "", {}) !== null;
  const go: Control = isAsked
    ? { kind: "button", label: "Enter keys and install", style: "success", action: ASK, data }
    : { kind: "button", label: "Install", style: "success", action: INSTALL, data };
  const withoutKeys: readonly Control[] =
    isAsked && offer.needs.every(({ name, isRequired }) => !isRequired || known.includes(name))
      ? [{ kind: "button", label: "Install as it is", action: INSTALL, data }]
      : [];
  const cancel: Control = {
    kind: "button",
    label: "Cancel",
    style: "secondary",
    action: CANCEL,
    data: {},
  };
  return { text: offerWords(offer, whose), rows: [[go, ...withoutKeys, cancel]] };
}

export const installActions = (desk: InstallDesk) => [
  defineFormAction({
    name: ASK,
    form({ data }) {
      const { offer, owner: whose } = about.parse(data);
      const form = formFor(offer, desk.installer.known(offer, whose), INSTALL, data);
      if (form === null) throw new Error("There was something to ask when the card was made");
      return form;
    },
  }),
  defineAction({
    name: INSTALL,
    async run({ data, fields }, context) {
      const { offer, owner: whose } = about.parse(data);
      const refusal = refusalFor(desk, offer, whose, context);
      if (refusal !== null) return whisper({ text: refusal });
      const read = readForm(offer, fields);
      if ("says" in read) return whisper({ text: read.says });
      const installed = await desk.installer.install(
        offer,
        whose,
        context.scope.principal.userId,
        read.values,
      );
      if (installed.kind === "refused") return whisper({ text: installed.says });
      return replace(await afterInstall(desk, installed.id, context));
    },
  }),
  defineAction({ name: CANCEL, run: async () => replace({ text: "Nothing was installed." }) }),
];

const replace = (reply: Reply): ActionOutcome => ({ kind: "replace", reply });
const whisper = (reply: Reply): ActionOutcome => ({ kind: "whisper", reply });

/** Its tools, when it starts soon; otherwise how it is, and a button for later. */
async function afterInstall(
  desk: InstallDesk,
  id: McpServer["id"],
  context: CommandContext,
): Promise<Reply> {
  for (let waitedMs = 0; waitedMs < WAIT_MS && !context.signal.aborted; waitedMs += LOOK_MS) {
    const server = await desk.servers.byId(id);
    if (server === null) return { text: "It is gone again." };
    const { state } = server.status;
    if (state !== "off" && state !== "starting") {
      const card = await toolsCard(desk, server, context);
      return { ...card, text: `Installed. ${nextStep(server)}\n\n${card.text}` };
    }
    await pause(LOOK_MS, context.signal);
  }
  const server = await desk.servers.byId(id);
  if (server === null) return { text: "It is gone again." };
  const card = await toolsCard(desk, server, context);
  return {
    ...card,
    text: `It is being fetched and started, which may take minutes. **Look again** shows its tools then.\n\n${serverLine(server)}`,
  };
}

function nextStep({ status: { state }, name }: McpServer): string {
  if (state === "needs-sign-in") return `It wants a sign-in: \`/mcp oauth_start server:${name}\`.`;
  if (state === "failing")
    return `It does not start yet: \`/mcp status server:${name}\` says more.`;
  return "Agree to its tools, and they can be used.";
}

import { z } from "zod";
import { mcpServerId } from "../../core/ids.ts";
import type { McpToolReview } from "../../core/mcp-control.ts";
import type { McpDesk } from "../../core/mcp-desk.ts";
import type { McpServer } from "../../core/mcp.ts";
import { defineAction, type ActionOutcome } from "./define-action.ts";
import { defineCommand, type CommandContext } from "./define-command.ts";
import {
  managesServer,
  NOT_YOURS,
  serverIn,
  serverOption,
  serversOf,
  suggestServers,
  UNKNOWN,
} from "./mcp-servers.ts";
import { differenceWords, serverLine, toolLines } from "./mcp-words.ts";
import type { Control, Reply } from "./reply.ts";

type Desk = Pick<McpDesk, "servers" | "review" | "control">;

const LOOK = "mcp-tools-look";
const APPROVE = "mcp-tools-approve";
const CHOOSE = "mcp-tools-choose";
const DIFFERENCE = "mcp-tools-difference";
const NONE = "mcp-tools-none";
const MAX_CHOICES = 25;
const MAX_CHOICE_CHARS = 100;

const about = z.object({ id: z.string().transform(mcpServerId) });
const shown = about.extend({ tools: z.array(z.object({ name: z.string(), hash: z.string() })) });

/** `/mcp tools`: what servers can do, and what of it was agreed to. */
export const toolsCommand = (desk: Desk) =>
  defineCommand({
    name: "tools",
    description: "What a server can do; agree to its tools here",
    options: [serverOption(false)],
    suggest: { server: suggestServers(desk) },
    async run(input, context) {
      if (input["server"] === undefined) return allTools(desk, context);
      const server = await serverIn(desk, input, context);
      return server === null ? UNKNOWN : toolsCard(desk, server, context);
    },
  });

export const toolsActions = (desk: Desk) => [
  defineAction({
    name: LOOK,
    run: ({ data }, context) =>
      withServer(desk, about.parse(data).id, context, async (server) => {
        await desk.control.refresh(server.id);
        return replaced(await toolsCard(desk, server, context));
      }),
  }),
  defineAction({
    name: APPROVE,
    run: ({ data }, context) => approve(desk, shown.parse(data), context),
  }),
  defineAction({
    name: CHOOSE,
    run({ data, values }, context) {
      const { id, tools } = shown.parse(data);
      // Values are numbers of what was shown: names of tools may be longer than Discord takes.
      const chosen = tools.filter((_, index) => values.includes(String(index)));
      return approve(desk, { id, tools: chosen }, context);
    },
  }),
  defineAction({
    name: DIFFERENCE,
    run: ({ data }, context) =>
      withServer(desk, about.parse(data).id, context, async ({ id }) => {
        const words = differenceWords(await desk.review.tools(id));
        return whispered({
          text: words === "" ? "Nothing differs from what was agreed to." : words,
        });
      }),
  }),
  defineAction({
    name: NONE,
    run: ({ data }, context) =>
      withServer(desk, about.parse(data).id, context, async ({ name }) =>
        replaced({
          text: `Nothing more was agreed to. \`/mcp tools server:${name}\` shows them again; \`/mcp uninstall\` takes it away.`,
        }),
      ),
  }),
];

const replaced = (reply: Reply): ActionOutcome => ({ kind: "replace", reply });
const whispered = (reply: Reply): ActionOutcome => ({ kind: "whisper", reply });

/** Whoever manages it, as it is now: rights may have gone since the card was shown. */
async function withServer(
  { servers }: Pick<Desk, "servers">,
  id: McpServer["id"],
  context: CommandContext,
  act: (server: McpServer) => Promise<ActionOutcome>,
): Promise<ActionOutcome> {
  const server = await servers.byId(id);
  if (server === null) return whispered({ text: UNKNOWN });
  return managesServer(server, context) ? act(server) : whispered({ text: NOT_YOURS });
}

const approve = (
  desk: Desk,
  { id, tools }: z.infer<typeof shown>,
  context: CommandContext,
): Promise<ActionOutcome> =>
  withServer(desk, id, context, async (server) => {
    const count = await desk.review.approve(id, context.scope.principal.userId, tools);
    const card = await toolsCard(desk, server, context);
    const left = tools.length - count;
    const words =
      left === 0
        ? `Agreed to ${count} ${count === 1 ? "tool" : "tools"} of \`${server.name}\`.`
        : `Agreed to ${count}. ${left} changed while you looked: see them again.`;
    return replaced({ ...card, text: `${words}\n\n${card.text}` });
  });

/** The tools of one server, with buttons for those who may agree to them. */
export async function toolsCard(
  desk: Desk,
  server: McpServer,
  context: CommandContext,
): Promise<Reply> {
  const { id, name } = server;
  const tools = await desk.review.tools(id);
  const waiting = tools.filter(({ state }) => state === "new" || state === "changed");
  const text = [
    serverLine(server),
    ...(tools.length === 0
      ? ["It has shown no tools yet."]
      : ["-# Names and descriptions are its makers' words.", ...tools.map(toolLines)]),
    ...(waiting.length === 0
      ? []
      : [
          `**${waiting.length} ${waiting.length === 1 ? "waits" : "wait"} for somebody to agree**; until then they cannot be used.`,
        ]),
  ].join("\n");
  if (!managesServer(server, context)) return { text };
  return { text, rows: rowsFor(id, name, tools, waiting) };
}

function rowsFor(
  id: McpServer["id"],
  name: string,
  tools: readonly McpToolReview[],
  waiting: readonly McpToolReview[],
): NonNullable<Reply["rows"]> {
  const look: Control = { kind: "button", label: "Look again", action: LOOK, data: { id } };
  const given = waiting.map(({ tool }) => ({ name: tool.name, hash: tool.hash }));
  if (given.length === 0) return [[look]];
  const hasChanged = tools.some(({ state }) => state === "changed");
  const buttons: Control[] = [
    {
      kind: "button",
      label: `Agree to all ${given.length}`,
      style: "success",
      action: APPROVE,
      data: { id, tools: given },
    },
    ...(hasChanged
      ? [{ kind: "button", label: "See what changed", action: DIFFERENCE, data: { id } } as const]
      : []),
    {
      kind: "button",
      label: "Agree to none",
      style: "secondary",
      action: NONE,
      data: { id, name },
    },
    look,
  ];
  const choices = given.slice(0, MAX_CHOICES).map(({ name: tool }, index) => ({
    name: tool.slice(0, MAX_CHOICE_CHARS),
    value: String(index),
  }));
  const select: Control = {
    kind: "select",
    placeholder: "Agree to some of them only",
    from: choices,
    min: 1,
    max: choices.length,
    action: CHOOSE,
    data: { id, tools: given.slice(0, MAX_CHOICES) },
  };
  return [buttons, [select]];
}

async function allTools(desk: Desk, context: CommandContext): Promise<string> {
  const servers = await serversOf(desk, context);
  if (servers.length === 0) return NO_SERVERS;
  const lines = await Promise.all(
    servers.map(async (server) => {
      const tools = await desk.review.tools(server.id);
      const agreed = tools
        .filter(({ state }) => state === "approved")
        .map(({ tool }) => `\`${tool.name.replaceAll("`", "")}\``);
      const waiting = tools.length - agreed.length;
      return `- **${server.name}**: ${agreed.join(", ") || "none that can be used"}${waiting > 0 ? `; ${waiting} not agreed to` : ""}`;
    }),
  );
  return lines.join("\n");
}

export const NO_SERVERS =
  "No MCP servers are here. `/mcp search` finds some, `/mcp install` takes a package, a repository, an image or an address.";

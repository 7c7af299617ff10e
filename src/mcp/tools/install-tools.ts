import { z } from "zod";
import { installRefusal, type McpOffer } from "../../core/mcp-install.ts";
import type { McpOwner } from "../../core/mcp.ts";
import type { Scope } from "../../core/principal.ts";
import { defineTool, type Tool, type ToolContext, type ToolOutput } from "../../core/tool.ts";
import { LOOK_MS, managing, serverName, standingOf, type McpToolDeps } from "./parts.ts";
import { confirmationOf, failed, tainted, theirs } from "./words.ts";

const wish = z.object({
  source: z
    .string()
    .trim()
    .min(1)
    .max(400)
    .describe(
      "For example @scope/package@1.2.3, owner/repo, ghcr.io/owner/image:1.2, https://host/mcp, smithery:name, or a preset's name",
    ),
  name: z.string().max(64).optional().describe("What it is to be called here"),
  arguments: z.array(z.string().max(500)).max(30).default([]).describe("For its program"),
  for: z
    .enum(["me", "server", "everybody"])
    .optional()
    .describe(
      "Whose it is; left out: this person's in a direct message, the Discord server's elsewhere",
    ),
});
type Wish = z.infer<typeof wish>;

/** Installing takes two: what would run is looked at first, and the click is for exactly that. */
export const installTools = (deps: McpToolDeps): readonly Tool[] => [
  defineTool({
    name: "mcp_preview",
    description:
      "Look at an MCP server before it is installed: version, age, risks, needed keys, and the exact commands. Nothing of it runs. Tell the person what it says, above all the risks.",
    label: "Looking at a plug-in before it is installed",
    effect: "read",
    timeoutMs: LOOK_MS,
    input: wish,
    run: (wanted, context) =>
      looking(deps, wanted, context, async (offer) => tainted(previewWords(offer), [offer.name])),
  }),
  defineTool({
    name: "mcp_install",
    description:
      "Install an MCP server that mcp_preview showed. A person has to click. Servers that need keys are installed with /mcp install, where keys are asked for in private: never ask for keys in the conversation.",
    label: "Installing a plug-in",
    effect: "outside",
    timeoutMs: LOOK_MS,
    input: wish.extend({
      confirm: z
        .string()
        .max(8_000)
        .describe("What mcp_preview gave as `confirm`, letter by letter"),
    }),
    explain: ({ source, confirm }) => ({
      what: `Install the MCP server ${source}`,
      target: confirm,
      reversible: true,
    }),
    run: ({ confirm, ...wanted }, context) =>
      looking(deps, wanted, context, (offer, owner) =>
        install(deps, offer, owner, confirm, context),
      ),
  }),
  defineTool({
    name: "mcp_uninstall",
    description: "Take an MCP server away, with its keys and files.",
    label: "Taking a plug-in away",
    effect: "outside",
    timeoutMs: LOOK_MS,
    input: z.object({ server_name: serverName }),
    explain: ({ server_name: name }) => ({
      what: "Take an MCP server away, with its keys and files",
      target: name,
      reversible: false,
    }),
    run: ({ server_name: name }, context) =>
      managing(deps, context, name, async (server) => {
        if (server.origin === "file")
          return failed(
            "It stands in a file of whoever runs this bot, and goes when the file goes.",
          );
        await deps.desk.installer.uninstall(server.id);
        return { text: `${server.name} is gone, with its keys and files.` };
      }),
  }),
];

async function looking(
  deps: McpToolDeps,
  { source, name, arguments: args, for: wanted }: Wish,
  context: ToolContext,
  act: (offer: McpOffer, owner: McpOwner) => Promise<ToolOutput>,
): Promise<ToolOutput> {
  const { scope, signal } = context;
  const owner = ownerOf(wanted, scope);
  if (owner === null)
    return failed("There is no Discord server here. It can be for this person alone.");
  const standing = await standingOf(deps, context);
  const looked = await deps.desk.installer.look(
    { source, name: name ?? null, isolation: null, args },
    standing.isOperator,
    signal,
  );
  if (looked.kind === "refused") return failed(looked.says);
  const refusal = installRefusal(
    looked.offer,
    owner,
    scope,
    standing,
    deps.desk.installer.adminsRunPrograms,
  );
  return refusal === null ? act(looked.offer, owner) : failed(refusal);
}

function ownerOf(wanted: Wish["for"], { principal: { userId, guildId } }: Scope): McpOwner | null {
  if (wanted === "everybody") return { kind: "operator" };
  if (wanted === "me" || (wanted === undefined && guildId === null))
    return { kind: "person", userId };
  return guildId === null ? null : { kind: "guild", guildId };
}

const previewWords = (offer: McpOffer): string =>
  [
    `Server ${offer.name}; its maker says: ${theirs(offer.description)}`,
    ...offer.facts.map(([label, value]) => `${label}: ${theirs(value)}`),
    ...offer.risks.map((risk) => `Risk: ${theirs(risk)}`),
    ...offer.needs.map(
      ({ name, isRequired, description }) =>
        `Needs ${name}${isRequired ? "" : " (optional)"}: ${theirs(description)}`,
    ),
    `confirm: ${confirmationOf(offer)}`,
  ].join("\n");

async function install(
  { desk }: McpToolDeps,
  offer: McpOffer,
  owner: McpOwner,
  confirm: string,
  { scope }: ToolContext,
): Promise<ToolOutput> {
  if (confirm !== confirmationOf(offer))
    return failed(
      "That is not what mcp_preview shows now. Look again, and tell the person what changed. Nothing was installed.",
    );
  const known = desk.installer.known(offer, owner);
  const missing = offer.needs.filter(
    ({ name, isRequired, fallback }) => isRequired && fallback === null && !known.includes(name),
  );
  if (missing.length > 0)
    return failed(
      `It needs ${missing.map(({ name }) => name).join(", ")}. Keys do not belong into a conversation: the person runs /mcp install, which asks for them in private. Nothing was installed.`,
    );
  const installed = await desk.installer.install(offer, owner, scope.principal.userId, {});
  if (installed.kind === "refused") return failed(installed.says);
  return {
    text: `${offer.name} is installed, and is being started. Its tools cannot be used yet: a person looks at them with /mcp tools and agrees to them there.`,
  };
}

import type { GetPromptResult, Prompt } from "@modelcontextprotocol/client";
import { z } from "zod";
import { McpProblem } from "../core/mcp-control.ts";
import type { McpServer } from "../core/mcp.ts";
import type { ToolOutput } from "../core/tool.ts";
import { cleanLine } from "./clean.ts";
import type { Connection, ServerFacts } from "./connection.ts";
import { MAX_LISTED } from "./limits.ts";
import { attempt, describe, resultDeps, type OfferDeps, type Offered } from "./offer.ts";
import { finish, readContent, type ResultDeps } from "./result.ts";

const MAX_ABOUT_CHARS = 200;
const OWN = ["list_resources", "read_resource", "get_prompt"];

/** Names that are ours beside the server's own tools. */
export const ownNames = ({ name }: Pick<McpServer, "name">): readonly string[] =>
  OWN.map((own) => `${name}__${own}`);

/** Tools of our own for what a server has besides tools: resources and prompts. All of them only read. */
export function moreOffers(
  deps: OfferDeps,
  server: McpServer,
  { hasResources, hasPrompts }: ServerFacts,
): readonly Offered[] {
  return [
    ...(hasResources ? [listResources(deps, server), readResource(deps, server)] : []),
    ...(hasPrompts ? [getPrompt(deps, server)] : []),
  ];
}

const listResources = (deps: OfferDeps, server: McpServer): Offered =>
  reading(deps, server, {
    name: "list_resources",
    description: `Lists what can be read from ${server.displayName} with ${server.name}__read_resource: names and addresses (URIs).`,
    input: z.object({}),
    async run(connection, _, result, signal) {
      const [resources, templates] = await Promise.all([
        connection.listResources(signal),
        connection.listTemplates(signal).catch(() => []),
      ]);
      const changed = new Set(connection.changedResources());
      const lines = [
        ...resources.map(({ name, uri, description, mimeType }) =>
          line([
            uri,
            name,
            mimeType,
            description,
            changed.has(uri) ? "changed since it was read" : "",
          ]),
        ),
        ...templates.map(({ name, uriTemplate, description }) =>
          line([`${uriTemplate} (fill in the braces)`, name, description]),
        ),
      ];
      return finish(result, [within(lines)], []);
    },
  });

const readResource = (deps: OfferDeps, server: McpServer): Offered =>
  reading(deps, server, {
    name: "read_resource",
    description: `Reads one resource of ${server.displayName} by its address (URI), as ${server.name}__list_resources gives it.`,
    input: z.object({ uri: z.string().min(1).max(2_000).describe("The address of the resource") }),
    async run(connection, { uri }, result, signal) {
      const { contents } = await connection.readResource(uri, signal);
      const { words, files } = readContent(
        contents.map((resource) => ({ type: "resource" as const, resource })),
      );
      return finish(result, words, files);
    },
  });

const getPrompt = (deps: OfferDeps, server: McpServer): Offered =>
  reading(deps, server, {
    name: "get_prompt",
    description: `Gets a text that ${server.displayName} keeps ready for some task. Without a name it lists them.`,
    input: z.object({
      name: z.string().max(300).optional().describe("The name of the prompt"),
      arguments: z.record(z.string(), z.string()).optional().describe("What it is filled in with"),
    }),
    async run(connection, { name, arguments: values = {} }, result, signal) {
      if (name === undefined)
        return finish(
          result,
          [within((await connection.listPrompts(signal)).map(aboutPrompt))],
          [],
        );
      return toPromptOutput(result, await connection.getPrompt(name, values, signal));
    },
  });

/** A prompt's messages as text, with the files in them. */
export function toPromptOutput(result: ResultDeps, { messages }: GetPromptResult): ToolOutput {
  const { words, files } = readContent(messages.map(({ content }) => content));
  return finish(result, words, files);
}

function aboutPrompt({ name, description, arguments: wanted = [] }: Prompt): string {
  const values = wanted.map((value) => `${value.name}${value.required ? "" : "?"}`).join(", ");
  return line([name, values === "" ? "" : `needs ${values}`, description]);
}

const line = (pieces: readonly (string | undefined)[]): string =>
  `- ${pieces
    .filter((piece) => piece !== undefined && piece !== "")
    .map((piece) => cleanLine(piece ?? "", MAX_ABOUT_CHARS))
    .join(" | ")}`;

function within(lines: readonly string[]): string {
  if (lines.length === 0) return "There is nothing.";
  const more = lines.length - MAX_LISTED;
  const rest = more > 0 ? [`(and ${more} more)`] : [];
  return [...lines.slice(0, MAX_LISTED), ...rest].join("\n");
}

interface Reading<Given> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType<Given>;
  readonly run: (
    connection: Connection,
    input: Given,
    result: ResultDeps,
    signal: AbortSignal,
  ) => Promise<ToolOutput>;
}

function reading<Given>(
  deps: OfferDeps,
  server: McpServer,
  { name, description, input, run }: Reading<Given>,
): Offered {
  return describe(
    {
      name: `${server.name}__${name}`,
      description,
      effect: "read",
      label: `Reading from ${server.displayName}`,
    },
    // An object by its type.
    z.toJSONSchema(input, { io: "input" }) as Offered["spec"]["inputSchema"],
    async (raw, context) =>
      attempt(deps, server, { isRead: true }, context, async () => {
        const given = input.safeParse(raw);
        if (!given.success)
          throw new McpProblem("refused", `The arguments do not fit: ${given.error.message}`);
        const connection = await deps.reach(server, context);
        return await run(connection, given.data, resultDeps(deps, server), context.signal);
      }),
  );
}

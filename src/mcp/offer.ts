import { z } from "zod";
import { McpProblem } from "../core/mcp-control.ts";
import type { McpServer, McpTool } from "../core/mcp.ts";
import type { ToolSpec } from "../core/model.ts";
import type { Explanation, Tool, ToolContext, ToolOutput } from "../core/tool.ts";
import { asError } from "../lib/as-error.ts";
import { clean, cleanLine, shorten } from "./clean.ts";
import type { Connection } from "./connection.ts";
import { MAX_CALL_MS, MAX_TOLD_CHARS } from "./limits.ts";
import { finish, toOutput } from "./result.ts";
import { readSchema } from "./schema.ts";

export interface OfferDeps {
  /** A connection with the credentials that this call uses; waits for one that has to be begun. Throws McpProblem. */
  readonly reach: (server: McpServer, context: ToolContext) => Promise<Connection>;
  /** Takes out of a server's words what nobody may read. */
  readonly hideSecrets: (server: McpServer, text: string) => string;
}

/** A tool, and what a model is told of it. */
export interface Offered {
  readonly tool: Tool;
  readonly spec: ToolSpec;
}

/**
 * A tool of a server that a person has agreed to; null when its arguments cannot be told. It counts as a read when the
 * server said so at the time: that is what was agreed to.
 */
export function offer(deps: OfferDeps, server: McpServer, known: McpTool): Offered | null {
  const read = readSchema(known.inputSchema, "offer");
  if (read.kind === "unusable") return null;
  const { displayName } = server;
  const isRead = known.annotations.readOnlyHint === true;
  const { name, outputSchema } = known;
  const definition = {
    name,
    inputSchema: { type: "object" as const, ...known.inputSchema },
    ...(outputSchema && { outputSchema: { type: "object" as const, ...outputSchema } }),
  };
  const title = cleanLine(known.annotations.title ?? name, 60);
  return describe(
    {
      name: known.offeredName,
      description: `${shorten(clean(known.description), MAX_TOLD_CHARS)} (MCP: ${displayName})`,
      effect: isRead ? "read" : "outside",
      label: `Using ${title} of ${displayName}`,
      explain: (input): Explanation => ({
        what: `Use ${title} of ${displayName}`,
        target: targetOf(input),
        reversible: isRead,
      }),
    },
    read.schema,
    async (input, context) =>
      attempt(deps, server, { isRead }, context, async () => {
        const connection = await deps.reach(server, context);
        return toOutput(
          resultDeps(deps, server),
          await connection.call(definition, input, context),
        );
      }),
  );
}

type Input = Readonly<Record<string, unknown>>;

/** A tool that takes any object: the server says what does not fit. */
export function describe(
  facts: Pick<Tool<Input>, "name" | "description" | "effect" | "label" | "explain">,
  inputSchema: ToolSpec["inputSchema"],
  run: Tool<Input>["run"],
): Offered {
  const tool: Tool<Input> = {
    ...facts,
    input: z.record(z.string(), z.unknown()),
    timeoutMs: MAX_CALL_MS,
    // Whoever is led astray could put what it knows into an address, and have the server open it.
    opens: (input) => addressesIn(input),
    run,
  };
  const { name, description } = facts;
  // The loop parses with `tool.input` before it calls anything, so the input has the type that is wanted.
  return { tool: tool as unknown as Tool, spec: { name, description, inputSchema } };
}

export const resultDeps = ({ hideSecrets }: Pick<OfferDeps, "hideSecrets">, server: McpServer) => ({
  serverName: server.displayName,
  hideSecrets: (text: string) => hideSecrets(server, text),
});

/** What goes wrong with a server becomes words for the model; they may be the server's own, and count as such. */
export async function attempt(
  deps: OfferDeps,
  server: McpServer,
  { isRead }: { readonly isRead: boolean },
  { signal }: ToolContext,
  run: () => Promise<ToolOutput>,
): Promise<ToolOutput> {
  try {
    return await run();
  } catch (error) {
    signal.throwIfAborted();
    const isLost =
      error instanceof McpProblem && (error.kind === "gone" || error.kind === "broken");
    const after =
      isLost && !isRead ? " Whether it was done is not known: look before you do it again." : "";
    const words = `${server.displayName}: ${asError(error).message}${after}`;
    return finish(resultDeps(deps, server), [words], [], true);
  }
}

const MAX_TARGET_CHARS = 120;
const MAX_TARGETS = 4;

/** The words among the arguments, for the card; all of them stand below it. */
function targetOf(input: Input): string {
  const words = Object.values(input).filter((value) => typeof value === "string");
  return cleanLine(words.slice(0, MAX_TARGETS).join(", "), MAX_TARGET_CHARS);
}

const MAX_DEPTH = 6;

function addressesIn(input: unknown, depth = 0): readonly string[] {
  if (typeof input === "string") return input.match(/https?:\/\/[^\s<>"'`]+/g) ?? [];
  if (typeof input !== "object" || input === null || depth > MAX_DEPTH) return [];
  return Object.values(input).flatMap((value) => addressesIn(value, depth + 1));
}

import {
  completable,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceTemplate,
  type McpRequestContext,
  type McpServerFactory,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { toErrorResult, toResult } from "./answer.ts";
import type { ServerDefinition } from "./definition.ts";
import { toFailure, type Failure } from "./failure.ts";
import { advertised, inputSchema, readInput, wrongInput } from "./input.ts";
import type { Prompt } from "./prompt.ts";
import { isTemplate, type Resource, type ResourceAnswer } from "./resource.ts";
import { runCall, type CallDeps } from "./run-call.ts";
import type { Access } from "./tenant.ts";
import type { Tool } from "./tool.ts";

/** Makes the protocol's server of a definition, anew for each connection or request. */
export function toFactory(definition: ServerDefinition, deps: CallDeps): McpServerFactory {
  const { name, title, version, instructions } = definition;
  const tools = definition.tools.map((tool) =>
    prepared(tool, definition.takesUserId && deps.isUserIdOffered),
  );
  const prompts = definition.prompts.map((prompt) => ({ ...prompt, args: completedArgs(prompt) }));
  return (context: McpRequestContext) => {
    const access = deps.accessOf(context);
    const server = new McpServer(
      { name, title, version },
      { instructions, ...definition.extend?.options },
    );
    for (const tool of tools) registerTool(server, tool, access, deps);
    for (const resource of definition.resources) registerResource(server, resource, access, deps);
    for (const prompt of prompts) registerPrompt(server, prompt, access, deps);
    definition.extend?.register?.(server);
    return server;
  };
}

type Prepared = ReturnType<typeof prepared>;

/** What is the same for every connection. */
function prepared(tool: Tool, takesUserId: boolean) {
  const schema = inputSchema(tool, takesUserId);
  const isRead = tool.effect === "read";
  const config = {
    title: tool.title,
    description: tool.description,
    inputSchema: advertised(schema),
    outputSchema: advertised(tool.output),
    annotations: {
      title: tool.title,
      readOnlyHint: isRead,
      destructiveHint: tool.destructive ?? (tool.effect === "update" || tool.effect === "delete"),
      idempotentHint: tool.idempotent ?? isRead,
      openWorldHint: true,
    },
  };
  return { tool, schema, config };
}

function registerTool(
  server: McpServer,
  { tool, schema, config }: Prepared,
  access: Access,
  deps: CallDeps,
): void {
  server.registerTool(tool.name, config, async (value: unknown, context: ServerContext) => {
    try {
      const { input, userId } = readInput(schema, value);
      const place = { kind: "tool", name: tool.name, access, userId, context } as const;
      return await runCall(deps, place, async (call) =>
        toResult(tool, await tool.run(input, call), deps.redact),
      );
    } catch (thrown) {
      return toErrorResult(toFailure(thrown), deps.redact);
    }
  });
}

function registerResource(
  server: McpServer,
  resource: Resource,
  access: Access,
  deps: CallDeps,
): void {
  const { name, title, description, mimeType, uri } = resource;
  const config = { title, description, mimeType };
  const placeOf = (context: ServerContext) =>
    ({ kind: "resource", name, access, userId: undefined, context }) as const;
  const read = (at: string, raw: unknown, context: ServerContext) =>
    orProtocolError(deps, async () => {
      const params = resource.params.safeParse(raw);
      if (!params.success) throw wrongInput(params.error);
      const answer = await runCall(deps, placeOf(context), (call) =>
        resource.read(params.data, call),
      );
      return { contents: [toContents(at, resource, answer, deps)] };
    });
  if (!isTemplate(resource)) {
    server.registerResource(name, uri, config, (at, context) => read(at.href, {}, context));
    return;
  }
  const list = resource.list?.bind(resource);
  const template = new ResourceTemplate(uri, {
    list: list
      ? (context) =>
          orProtocolError(deps, async () => ({
            resources: (await runCall(deps, placeOf(context), list)).map((each) => ({ ...each })),
          }))
      : undefined,
    complete: completions(resource),
  });
  server.registerResource(name, template, config, (at, params, context) =>
    read(at.href, params, context),
  );
}

function completions(resource: Resource) {
  const complete = resource.complete?.bind(resource);
  if (!complete) return {};
  return Object.fromEntries(
    Object.keys(resource.params.shape).map((param) => [
      param,
      async (typed: string) => [...(await complete(param, typed))],
    ]),
  );
}

function toContents(uri: string, resource: Resource, answer: ResourceAnswer, deps: CallDeps) {
  const mimeType = answer.mimeType ?? resource.mimeType;
  if (answer.blob !== undefined) return { uri, mimeType, blob: answer.blob };
  const text = answer.text ?? JSON.stringify(answer.data, null, 2);
  return { uri, mimeType, text: deps.redact.data(text) };
}

function registerPrompt(server: McpServer, prompt: Prompt, access: Access, deps: CallDeps): void {
  const { name, title, description, args } = prompt;
  const answer = (input: Record<string, unknown>, context: ServerContext) =>
    orProtocolError(deps, async () => {
      const place = { kind: "prompt", name, access, userId: undefined, context } as const;
      const said = await runCall(deps, place, (call) => prompt.run(input, call));
      const messages =
        typeof said === "string"
          ? [
              {
                role: "user" as const,
                content: { type: "text" as const, text: deps.redact.data(said) },
              },
            ]
          : said;
      return { description, messages };
    });
  if (Object.keys(args.shape).length === 0)
    server.registerPrompt(name, { title, description }, (context) => answer({}, context));
  else server.registerPrompt(name, { title, description, argsSchema: args }, answer);
}

function completedArgs(prompt: Prompt): Prompt["args"] {
  const complete = prompt.complete?.bind(prompt);
  if (!complete) return prompt.args;
  const entries = Object.entries(prompt.args.shape).map(([name, schema]) => [
    name,
    // Of a copy: the SDK marks the schema itself, and can do so once.
    completable(schema.clone(), async (typed) => [...(await complete(name, String(typed)))]),
  ]);
  return prompt.args.safeExtend(Object.fromEntries(entries));
}

/** Resources and prompts have no result that is an error: theirs is the protocol's. */
async function orProtocolError<Answer>(
  deps: CallDeps,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (thrown) {
    throw toProtocolError(toFailure(thrown), deps);
  }
}

function toProtocolError(failure: Failure, { redact }: CallDeps): ProtocolError {
  const { code, hint, message } = failure;
  const isCallers = code === "INVALID_ARGUMENT" || code === "NOT_FOUND" || code === "FORBIDDEN";
  return new ProtocolError(
    isCallers ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError,
    redact.words(`${code}: ${message}${hint ? ` ${hint}` : ""}`),
    { code },
  );
}

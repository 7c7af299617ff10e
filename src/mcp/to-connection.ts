import {
  LOG_LEVEL_META_KEY,
  UrlElicitationRequiredError,
  type Client,
  type ElicitRequestURLParams,
} from "@modelcontextprotocol/client";
import { McpProblem } from "../core/mcp-control.ts";
import type { McpServer } from "../core/mcp.ts";
import type { ToolContext } from "../core/tool.ts";
import { cleanLine } from "./clean.ts";
import type { Connection, ServerFacts } from "./connection.ts";
import type { LineRing } from "./line-ring.ts";
import { MAX_CALL_MS, MAX_CALLS_AT_ONCE, PROGRESS_EVERY_MS, REQUEST_TIMEOUT_MS } from "./limits.ts";
import type { Patience } from "./patience.ts";
import { isSessionGone, toProblem } from "./problems.ts";
import { throttled } from "./progress.ts";
import type { StdioTransport } from "./stdio-transport.ts";
import { createSubscriptions } from "./subscriptions.ts";

/** A client that is connected, and what belongs to it. */
export interface Opened {
  readonly client: Client;
  readonly aside: LineRing;
  /** null for a server on the web. */
  readonly stdio: StdioTransport | null;
  readonly calls: Set<ToolContext>;
  readonly patience: Patience;
  /** Has the person open pages without which a call is refused; false when he did not. */
  readonly visit: (
    pages: readonly ElicitRequestURLParams[],
    context: ToolContext,
  ) => Promise<boolean>;
  readonly close: () => Promise<void>;
  readonly ended: Promise<McpProblem>;
}

const SILENT = new McpProblem("silent", "The server did not answer in time.");

/** What the library gives, as a Connection: its errors as ours, within our bounds. */
export function toConnection(
  { elapsedMs }: { readonly elapsedMs: () => number },
  { timeoutMs }: Pick<McpServer, "timeoutMs">,
  { client, aside, stdio, calls, patience, visit, close, ended }: Opened,
): Connection {
  const isOld = client.getProtocolEra() === "legacy";
  const subscriptions = createSubscriptions(client);
  const lost = Promise.withResolvers<McpProblem>();

  /** The library's errors as ours; a session that the server gave up ends the connection. */
  async function ask<Result>(signal: AbortSignal, asked: Promise<Result>): Promise<Result> {
    try {
      return await asked;
    } catch (error) {
      signal.throwIfAborted();
      const problem = toProblem(error, stdio?.fault ?? null);
      if (isSessionGone(problem)) lost.resolve(problem);
      throw problem;
    }
  }
  async function callOnce(...[tool, input, context]: Parameters<Connection["call"]>) {
    if (calls.size >= MAX_CALLS_AT_ONCE)
      throw new McpProblem("refused", "Too many calls of this server run already. Try later.");
    const { signal, progress } = context;
    const told = progress && throttled(progress, { elapsedMs, everyMs: PROGRESS_EVERY_MS });
    const params = { name: tool.name, arguments: { ...input } };
    const over = new AbortController();
    const time = patience.limit(timeoutMs, () => over.abort(SILENT));
    calls.add(context);
    try {
      return await ask(
        signal,
        client.callTool(isOld ? params : { ...params, _meta: { [LOG_LEVEL_META_KEY]: "info" } }, {
          signal: AbortSignal.any([signal, over.signal]),
          // A person who is asked may take longer than a server may.
          timeout: MAX_CALL_MS,
          toolDefinition: tool,
          ...(told && {
            onprogress(progress) {
              time.renew();
              told(progress);
            },
          }),
        }),
      );
    } catch (error) {
      signal.throwIfAborted();
      throw over.signal.aborted ? SILENT : error;
    } finally {
      time.end();
      calls.delete(context);
    }
  }

  const options = (signal: AbortSignal) => ({ signal, timeout: REQUEST_TIMEOUT_MS });
  const fresh = (signal: AbortSignal) => ({ ...options(signal), cacheMode: "refresh" as const });

  return {
    facts: factsOf(client),
    pid: stdio?.pid ?? null,
    lines: aside.lines,
    ended: Promise.race([ended.then((problem) => stdio?.fault ?? problem), lost.promise]),
    listTools: async (signal) =>
      (await ask(signal, client.listTools(undefined, fresh(signal)))).tools,
    async call(tool, input, context) {
      try {
        return await callOnce(tool, input, context);
      } catch (error) {
        const pages = pagesIn(error);
        if (pages.length === 0 || !(await visit(pages, context))) throw error;
        return await callOnce(tool, input, context);
      }
    },
    listPrompts: async (signal) =>
      (await ask(signal, client.listPrompts(undefined, fresh(signal)))).prompts,
    getPrompt: (name, values, signal) =>
      ask(signal, client.getPrompt({ name, arguments: { ...values } }, options(signal))),
    listResources: async (signal) =>
      (await ask(signal, client.listResources(undefined, fresh(signal)))).resources,
    listTemplates: async (signal) =>
      (await ask(signal, client.listResourceTemplates(undefined, fresh(signal)))).resourceTemplates,
    async readResource(uri, signal) {
      const read = await ask(signal, client.readResource({ uri }, fresh(signal)));
      subscriptions.watch(uri);
      return read;
    },
    changedResources: subscriptions.changed,
    async ping(signal) {
      await ask(signal, isOld ? client.ping({ signal }) : client.discover({ signal }));
    },
    running: () => calls.size,
    [Symbol.asyncDispose]: close,
  };
}

/** The pages without which the server refused the call; nothing was done by then. */
const pagesIn = (error: unknown): readonly ElicitRequestURLParams[] =>
  error instanceof McpProblem && error.cause instanceof UrlElicitationRequiredError
    ? error.cause.elicitations
    : [];

function factsOf(client: Client): ServerFacts {
  const can = client.getServerCapabilities();
  const { name, version } = client.getServerVersion() ?? {};
  return {
    name: name === undefined ? null : cleanLine(name, 80),
    version: version === undefined ? null : cleanLine(version, 40),
    protocolVersion: client.getNegotiatedProtocolVersion() ?? "",
    isOld: client.getProtocolEra() === "legacy",
    hasTools: can?.tools !== undefined,
    hasPrompts: can?.prompts !== undefined,
    hasResources: can?.resources !== undefined,
  };
}

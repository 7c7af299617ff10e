import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { serve, type Served } from "../serve.ts";

export interface Rpc {
  readonly id?: number | string;
  readonly method: string;
  readonly params?: {
    readonly name?: string;
    readonly arguments?: Readonly<Record<string, unknown>>;
  };
}

export interface Asked {
  readonly rpc: Rpc;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Answers by itself, or gives the result that is answered as JSON. */
export type Handle = (asked: Asked) => unknown;

/** What is sent to whoever speaks an older revision. */
const WELL: Readonly<Record<string, unknown>> = {
  initialize: {
    protocolVersion: "2025-11-25",
    capabilities: { tools: {} },
    serverInfo: { name: "web", version: "1.0.0" },
  },
  ping: {},
  "tools/list": {
    tools: [{ name: "echo", inputSchema: { type: "object" }, annotations: { readOnlyHint: true } }],
  },
};

export interface ServedMcp extends Served {
  /** What came, by method of HTTP and of MCP. */
  readonly heard: readonly string[];
  readonly headers: readonly IncomingMessage["headers"][];
}

/** An MCP server on the web by hand, for what the library would never do. `handle` gives undefined for what is as usual. */
export async function serveMcp(handle: Handle = () => undefined): Promise<ServedMcp> {
  const heard: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  const served = await serve((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    headers.push(request.headers);
    if (request.method !== "POST") {
      heard.push(request.method ?? "");
      response.writeHead(405).end();
      return;
    }
    const rpc = (await json(request)) as Rpc;
    heard.push(`POST ${rpc.method}`);
    const given = handle({ rpc, request, response });
    if (response.headersSent) return;
    const result = given ?? WELL[rpc.method];
    if (rpc.id === undefined) response.writeHead(202).end();
    else if (result === undefined)
      sendJson(response, { jsonrpc: "2.0", id: rpc.id, error: { code: -32_601, message: "no" } });
    else sendJson(response, { jsonrpc: "2.0", id: rpc.id, result });
  }

  return { ...served, heard, headers };
}

const sendJson = (response: ServerResponse, body: unknown): void => {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
};

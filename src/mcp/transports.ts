import {
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type FetchLike,
  type Transport,
} from "@modelcontextprotocol/client";
import type { McpLaunch } from "../core/mcp.ts";
import type { ConnectionAuth } from "./auth.ts";
import { createCappedFetch } from "./capped-fetch.ts";
import { watchScopes } from "./oauth/watch-scopes.ts";

export interface HttpTransportDeps {
  readonly fetch: FetchLike;
  readonly auth: ConnectionAuth | undefined;
  /** By name. */
  readonly secrets: ReadonlyMap<string, string>;
}

export type HttpLaunch = Extract<McpLaunch, { kind: "http" }>;

/** The library breaks off a stream that was cut, and begins it anew so often. */
const RECONNECTION = {
  initialReconnectionDelay: 1_000,
  maxReconnectionDelay: 30_000,
  reconnectionDelayGrowFactor: 2,
  maxRetries: 4,
};

/** The way to a server on the web. */
export function createHttpTransport(
  { fetch, auth, secrets }: HttpTransportDeps,
  launch: HttpLaunch,
): Transport {
  const url = new URL(launch.url);
  const secret = launch.secretHeaders.flatMap((name) => {
    const value = secrets.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const headers = { ...launch.headers, ...Object.fromEntries(secret) };
  const shared = {
    fetch: watchScopes(createCappedFetch(fetch, url, headers), auth),
    ...(auth && { authProvider: auth }),
  };
  return launch.transport === "sse"
    ? new SSEClientTransport(url, shared)
    : new StreamableHTTPClientTransport(url, {
        ...shared,
        reconnectionOptions: RECONNECTION,
      });
}

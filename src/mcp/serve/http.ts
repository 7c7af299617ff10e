import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  type AuthInfo,
} from "@modelcontextprotocol/server";
import type { TokenHolder } from "../../core/access-tokens.ts";
import type { Log } from "../../core/log.ts";
import { untilAborted } from "../../lib/until-aborted.ts";
import type { Door } from "./door.ts";
import { GRACE_MS, MAX_BODY_BYTES, REQUEST_MS } from "./limits.ts";

export interface DoorHttpDeps {
  readonly door: Door;
  readonly log: Log;
}

export interface DoorHttpOptions {
  /** By which names it is reached besides those of this machine. */
  readonly hosts: readonly string[];
}

export interface DoorHttp {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly close: () => Promise<void>;
}

/** The door by Streamable HTTP: every request says by its token whose it is, and nothing is kept in between. */
export function createDoorHttp({ door, log }: DoorHttpDeps, { hosts }: DoorHttpOptions): DoorHttp {
  const handler = createMcpHandler(({ authInfo }) => door.serverFor(holderIn(authInfo)), {
    maxRequestBodySize: MAX_BODY_BYTES,
    onerror: (error) => log.warn({ error }, "mcp-door-error"),
  });
  const allowed = [...localhostAllowedHostnames(), ...hosts];
  return {
    async fetch(request) {
      // A web page must not reach a program's door by the browser of whoever has one.
      const stranger =
        hostHeaderValidationResponse(request, allowed) ?? originProblem(request, allowed);
      if (stranger) return stranger;
      const token = tokenIn(request);
      const holder = token === null ? null : await door.holderOf(token);
      if (token === null || holder === null) return unauthorised(token !== null);
      return handler.fetch(request, { authInfo: toAuthInfo(token, holder) });
    },
    close: handler.close,
  };
}

/** Serves it on a port of its own until the signal fires. */
export async function serveDoorHttp(
  http: DoorHttp,
  {
    host,
    port,
    onOpen,
  }: {
    readonly host: string;
    readonly port: number;
    readonly onOpen: (address: string) => void;
  },
  signal: AbortSignal,
): Promise<void> {
  const listener = getRequestListener((request) =>
    new URL(request.url).pathname === "/mcp"
      ? http.fetch(request)
      : Response.json({ error: "There is nothing here. The door is at /mcp." }, { status: 404 }),
  );
  const server = createServer({ requestTimeout: REQUEST_MS }, (incoming, outgoing) => {
    void listener(incoming, outgoing);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const { port: open } = server.address() as AddressInfo;
  onOpen(`http://${host.includes(":") ? `[${host}]` : host}:${open}/mcp`);
  await untilAborted(signal);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  server.closeIdleConnections();
  await http.close();
  await closed;
  clearTimeout(timer);
}

const EXTRA = "holder";

const toAuthInfo = (token: string, holder: TokenHolder): AuthInfo => ({
  token,
  clientId: holder.tokenId,
  scopes: holder.canChange ? ["read", "change"] : ["read"],
  extra: { [EXTRA]: holder },
});

function holderIn(authInfo: AuthInfo | undefined): TokenHolder {
  const holder = authInfo?.extra?.[EXTRA];
  if (holder === undefined) throw new Error("A request came in without being asked whose it is");
  // As toAuthInfo() put it there.
  return holder as TokenHolder;
}

function tokenIn({ headers }: Request): string | null {
  const [, token] = /^Bearer ([\x21-\x7e]+)$/i.exec(headers.get("authorization") ?? "") ?? [];
  return token ?? null;
}

/** RFC 6750 3. */
const unauthorised = (hadToken: boolean): Response =>
  Response.json(
    { error: "invalid_token", error_description: "A token of /clara token is needed." },
    {
      status: 401,
      headers: { "WWW-Authenticate": `Bearer${hadToken ? ' error="invalid_token"' : ""}` },
    },
  );

function originProblem(request: Request, allowed: readonly string[]): Response | undefined {
  const origin = request.headers.get("origin");
  if (origin === null) return undefined;
  const host = URL.parse(origin)?.hostname;
  return host !== undefined && allowed.includes(host)
    ? undefined
    : Response.json({ error: "This origin is not allowed." }, { status: 403 });
}

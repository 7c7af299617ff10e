import {
  createMcpHandler,
  getOAuthProtectedResourceMetadataUrl,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  type McpServerFactory,
} from "@modelcontextprotocol/server";
import { Hono } from "hono";
import { cors } from "hono/cors";
import type { Clock } from "../clock.ts";
import type { Health, ServerDefinition } from "../definition.ts";
import type { Metrics } from "../metrics.ts";
import { createAuthenticate } from "./authenticate.ts";
import type { HttpSettings } from "./http-settings.ts";
import { createSessions } from "./sessions.ts";

const MAX_BODY_BYTES = 4_194_304;
const MCP_PATH = "/mcp";

interface HttpAppDeps {
  readonly definition: ServerDefinition;
  readonly factory: McpServerFactory;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly createId: () => string;
  readonly stopwatch: () => number;
  readonly health: (signal: AbortSignal) => Promise<readonly Health[]>;
  readonly onError: (error: Error) => void;
}

export interface HttpApp {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly close: () => Promise<void>;
}

/** The server's web side: `/mcp`, and beside it `/health`, `/metrics`, `/capabilities` and OAuth's metadata. */
export function createHttpApp(deps: HttpAppDeps, settings: HttpSettings, port: number): HttpApp {
  const { definition, metrics } = deps;
  const resource = settings.publicUrl ?? new URL(`http://${settings.host}:${port}${MCP_PATH}`);
  const hasOAuth = settings.authorizationServers.length > 0;
  const authenticate = createAuthenticate(
    {
      clock: deps.clock,
      resourceMetadataUrl: hasOAuth ? getOAuthProtectedResourceMetadataUrl(resource) : null,
    },
    settings,
  );
  const handler = createMcpHandler(deps.factory, {
    maxRequestBodySize: MAX_BODY_BYTES,
    onerror: deps.onError,
  });
  const { factory, createId, stopwatch } = deps;
  const sessions = createSessions({ factory, createId, stopwatch, maxBytes: MAX_BODY_BYTES });
  metrics.gauge("sessions", "Callers with a session of the protocol of 2025", sessions.size);
  const app = new Hono<{ Variables: { auth: Awaited<ReturnType<typeof authenticate>> } }>();
  app.use("*", async (context, next) => {
    const wrong = wrongDoor(context.req.raw, settings);
    return wrong ?? next();
  });
  app.use("*", allowedOrigins(settings));
  if (hasOAuth) {
    const metadata = resourceMetadata(definition, resource, settings);
    app.get("/.well-known/oauth-protected-resource", (context) => context.json(metadata));
    app.get(`/.well-known/oauth-protected-resource${resource.pathname}`, (context) =>
      context.json(metadata),
    );
  }
  app.get("/health", async (context) => {
    const parts = await deps.health(context.req.raw.signal);
    const isWell = parts.every((part) => part.isWell);
    const status = isWell ? "healthy" : "degraded";
    // Who has not signed in learns no more than whether it is well.
    const auth = await authenticate(context.req.raw);
    const more = auth instanceof Response ? {} : { parts };
    return context.json({ status, server: definition.name, version: definition.version, ...more });
  });
  app.use("*", async (context, next) => {
    const auth = await authenticate(context.req.raw);
    if (auth instanceof Response) {
      metrics.count("refused");
      return auth;
    }
    context.set("auth", auth);
    return next();
  });
  app.get("/metrics", (context) =>
    context.body(metrics.text(), 200, { "content-type": "text/plain; version=0.0.4" }),
  );
  app.get("/capabilities", (context) => context.json(capabilities(definition)));
  app.all(MCP_PATH, async (context) => {
    const auth = context.get("auth");
    if (auth instanceof Response) return auth;
    const request = context.req.raw;
    return (await sessions.serve(request, auth)) ?? handler.fetch(request, { authInfo: auth });
  });
  return {
    fetch: (request) => app.fetch(request),
    async close() {
      await sessions.close();
      await handler.close();
    },
  };
}

/** A web page that leads here by a name of its own, or from a place that nobody allowed. */
function wrongDoor(request: Request, settings: HttpSettings): Response | undefined {
  const hosts = [
    ...localhostAllowedHostnames(),
    ...settings.allowedHosts,
    ...(settings.publicUrl ? [settings.publicUrl.hostname] : []),
  ];
  const origin = request.headers.get("origin");
  const isStrange = origin !== null && !isAllowed(origin, settings);
  return (
    hostHeaderValidationResponse(request, hosts) ??
    (isStrange
      ? Response.json({ error: "This origin is not allowed." }, { status: 403 })
      : undefined)
  );
}

function isAllowed(origin: string, { allowedOrigins, host }: HttpSettings): boolean {
  if (allowedOrigins.includes(origin)) return true;
  const isHere = ["127.0.0.1", "::1", "localhost"].includes(host);
  return isHere && /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(origin);
}

const allowedOrigins = (settings: HttpSettings) =>
  cors({
    origin: (origin) => (isAllowed(origin, settings) ? origin : null),
    allowMethods: ["GET", "POST", "DELETE", "OPTIONS"],
    allowHeaders: [
      "authorization",
      "content-type",
      "x-api-key",
      "mcp-session-id",
      "mcp-protocol-version",
      "mcp-method",
      "mcp-name",
      "last-event-id",
    ],
    exposeHeaders: ["mcp-session-id", "mcp-protocol-version", "www-authenticate"],
    maxAge: 600,
  });

const resourceMetadata = (
  { title }: ServerDefinition,
  resource: URL,
  { authorizationServers, jwt }: HttpSettings,
) => ({
  resource: resource.href,
  authorization_servers: authorizationServers,
  bearer_methods_supported: ["header"],
  resource_name: title,
  ...(jwt && jwt.scopes.length > 0 ? { scopes_supported: jwt.scopes } : {}),
});

const capabilities = (definition: ServerDefinition) => ({
  name: definition.name,
  title: definition.title,
  version: definition.version,
  transport: "streamable-http",
  tools: definition.tools.map(({ name, title, effect }) => ({ name, title, effect })),
  resources: definition.resources.map(({ uri, title }) => ({ uri, title })),
  prompts: definition.prompts.map(({ name, title }) => ({ name, title })),
});

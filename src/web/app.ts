import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { GoogleSignIn } from "../core/google.ts";
import type { Log } from "../core/log.ts";
import { googleWords } from "./google/words.ts";
import { isLoopback, onlyKnownHosts, onlyOwnPage, securityHeaders } from "./guard.ts";
import type { Health } from "./health.ts";
import { healthRoutes } from "./health.ts";
import { metricsRoutes } from "./metrics.ts";
import { noPlayground, playgroundPage } from "./page.ts";
import type { PlaygroundDeps } from "./playground-api.ts";
import { playgroundApi } from "./playground-api.ts";
import { doorRoutes, type ProgramDoor } from "./mcp/door.ts";
import { mcpSignInRoutes, type WebMcpSignIn } from "./mcp/routes.ts";
import { signInPages } from "./sign-in/pages.ts";

export interface WebDeps extends PlaygroundDeps {
  readonly health: () => Promise<Health>;
  /** In the text that Prometheus reads. */
  readonly metrics: () => Promise<string>;
  readonly log: Log;
  /** Where people connect their own Google; null where that is off. */
  readonly google?: WebGoogle | null;
  /** Where people sign in to MCP servers; null where nobody can. */
  readonly mcpSignIn?: WebMcpSignIn | null;
  /** Where people's own programs come in, at /mcp. */
  readonly openDoor?: () => Promise<ProgramDoor>;
}

interface WebGoogle {
  readonly connection: GoogleSignIn;
  readonly page: { readonly isSecure: boolean; readonly googleOrigin: string };
}

export interface WebOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Whoever can reach the host can then talk to her, and is taken for one and the same person. */
  readonly playground: boolean;
  readonly botName: string;
  readonly version: string;
}

/** Every route, without a server. `closing` ends what would go on for ever. */
export function createWebApp(deps: WebDeps, options: WebOptions, closing: AbortSignal): Hono {
  const app = new Hono();
  app.use(securityHeaders);
  app.route("/", healthRoutes(deps.health, options));
  app.route("/", metricsRoutes(deps.metrics));
  // Before the playground, which only its own machine may open.
  if (deps.google) app.route("/", googleRoutes(deps.google, deps.log, options.botName));
  if (deps.mcpSignIn) app.route("/", mcpSignInRoutes(deps.mcpSignIn, deps.log, options.botName));
  if (deps.openDoor) app.route("/", doorRoutes(deps.openDoor));
  if (options.playground) {
    app.use(onlyKnownHosts({ othersToo: !isLoopback(options.host) }));
    app.use("/api/*", onlyOwnPage);
    app.route("/", playgroundPage());
    app.route("/api/playground", playgroundApi(deps, closing));
  } else app.get("/", (c) => c.text(noPlayground(options.botName)));

  app.notFound((c) => c.json({ error: "There is nothing here. The playground is at /." }, 404));
  app.onError((error, c) => {
    if (error instanceof HTTPException) return c.json({ error: error.message }, error.status);
    deps.log.error({ method: c.req.method, route: c.req.routePath, error }, "web-failed");
    return c.json({ error: "Something went wrong on my side. Try again; the log says more." }, 500);
  });
  return app;
}

const googleRoutes = ({ connection, page }: WebGoogle, log: Log, botName: string): Hono =>
  signInPages({ signIn: connection, log }, googleWords, {
    botName,
    path: "/oauth/google",
    name: "google",
    isSecure: page.isSecure,
    leadsTo: page.googleOrigin,
  });

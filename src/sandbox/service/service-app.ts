import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Log } from "../../core/log.ts";
import type { PackageIndex } from "../../core/packages.ts";
import { SandboxProblem, type SandboxProblemKind, type Workspaces } from "../../core/sandbox.ts";
import { asError } from "../../lib/as-error.ts";
import { toProblemBody } from "../wire.ts";
import { addOriginalRoutes } from "./original-routes.ts";
import { addOwnRoutes } from "./own-routes.ts";
import { askForKey } from "./keys.ts";

export interface ServiceDeps {
  readonly workspaces: Workspaces;
  readonly log: Log;
}

export interface ServiceSettings {
  readonly keys: readonly string[];
  /** Of one file. */
  readonly maxFileBytes: number;
  /** Requests at the same time. */
  readonly maxRequests: number;
  /** Of a run for which nobody said how long, and the most that one may have. */
  readonly defaultRunMs: number;
  readonly maxRunMs: number;
  readonly packages: PackageIndex;
}

const ROOM_FOR_WORDS = 256 * 1_024;

/** Sandboxes by HTTP: the routes of the original, and those that Clara uses. */
export function createServiceApp(deps: ServiceDeps, settings: ServiceSettings): Hono {
  const app = new Hono();
  const counts = { requests: 0, refused: 0, open: 0 };

  app.onError((error, c) => answerError(deps, error, c));
  app.get("/health", async (c) => {
    const { kind } = await deps.workspaces.health(c.req.raw.signal);
    return c.json(
      { status: kind === "works" ? "healthy" : "unhealthy" },
      kind === "works" ? 200 : 503,
    );
  });

  app.use(askForKey(settings.keys));
  app.use(async (c, next) => {
    counts.requests += 1;
    if (counts.open >= settings.maxRequests) {
      counts.refused += 1;
      return c.json({ error: "Too many requests at the same time; try again in a moment." }, 429);
    }
    counts.open += 1;
    try {
      return await next();
    } finally {
      counts.open -= 1;
    }
  });
  app.use(bodyLimit({ maxSize: settings.maxFileBytes + ROOM_FOR_WORDS }));

  app.get("/metrics", async (c) => {
    const running = await deps.workspaces.running(c.req.raw.signal);
    return c.text(
      toMetrics({
        ...counts,
        running: running.length,
        busy: running.filter(({ isBusy }) => isBusy).length,
      }),
    );
  });
  addOriginalRoutes(app, deps, settings);
  addOwnRoutes(app, deps, settings);
  return app;
}

const STATUS: Readonly<Record<SandboxProblemKind, ContentfulStatusCode>> = {
  unavailable: 503,
  image: 503,
  busy: 429,
  disk: 507,
  ended: 409,
  file: 400,
};

function answerError({ log }: ServiceDeps, error: unknown, c: Context): Response {
  if (error instanceof SandboxProblem) return c.json(toProblemBody(error), STATUS[error.kind]);
  if (error instanceof HTTPException) return c.json({ error: error.message }, error.status);
  if (c.req.raw.signal.aborted) return c.body(null, 400);
  log.error({ error: asError(error) }, "sandbox-request-failed");
  return c.json({ error: "That did not work; the log of the service says why." }, 500);
}

const toMetrics = (
  counts: Readonly<Record<"requests" | "refused" | "open" | "running" | "busy", number>>,
): string =>
  [
    "# TYPE clara_sandboxes gauge",
    `clara_sandboxes{state="busy"} ${counts.busy}`,
    `clara_sandboxes{state="idle"} ${counts.running - counts.busy}`,
    "# TYPE clara_sandbox_requests_total counter",
    `clara_sandbox_requests_total ${counts.requests}`,
    "# TYPE clara_sandbox_requests_refused_total counter",
    `clara_sandbox_requests_refused_total ${counts.refused}`,
    "# TYPE clara_sandbox_requests_open gauge",
    `clara_sandbox_requests_open ${counts.open}`,
    "",
  ].join("\n");

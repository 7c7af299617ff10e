import type { Context, Hono } from "hono";
import { stream } from "hono/streaming";
import { z } from "zod";
import { SandboxProblem, type RunLimits, type Workspace } from "../../core/sandbox.ts";
import { asError } from "../../lib/as-error.ts";
import { MARKS, RUN, toLine, toProblemBody } from "../wire.ts";
import { bodyOf, fitting, ownerIn } from "./request.ts";
import type { ServiceDeps, ServiceSettings } from "./service-app.ts";

const FILE = z.object({
  path: z.string().min(1).max(4_096),
  program: z.enum(["0", "1"]).default("0"),
  modified: z.coerce.number().int().min(0).default(0),
});
const PATH = FILE.pick({ path: true });
const SNAPSHOT = z.object({ snapshot: z.string().max(100) });

/** What Clara uses besides the original's routes: runs as they happen, bytes as they are, marks, states. */
export function addOwnRoutes(app: Hono, deps: ServiceDeps, settings: ServiceSettings): void {
  const { workspaces } = deps;
  const open = (c: Context): Promise<Workspace> => workspaces.open(ownerIn(c), c.req.raw.signal);

  app.post("/sandbox/:user/run", async (c) => {
    const { program, limits } = await bodyOf(c, RUN);
    const workspace = await open(c);
    const bounded = { ...limits, timeMs: Math.min(limits.timeMs, settings.maxRunMs) };
    return streamRun(deps, c, workspace, program, bounded);
  });

  app.get("/sandbox/:user/list", async (c) => {
    const { path } = fitting(PATH, c.req.query());
    return c.json(await (await open(c)).list(path, c.req.raw.signal));
  });
  app.get("/sandbox/:user/bytes", async (c) => {
    const { path } = fitting(PATH, c.req.query());
    const { bytes } = await (await open(c)).get(path, c.req.raw.signal);
    return c.body(Uint8Array.from(bytes), 200, { "Content-Type": "application/octet-stream" });
  });
  app.put("/sandbox/:user/bytes", async (c) => {
    const { path, program, modified } = fitting(FILE, c.req.query());
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    if (bytes.length > settings.maxFileBytes)
      throw new SandboxProblem("file", `${JSON.stringify(path)} is too large.`);
    const file = { path, bytes, isProgram: program === "1", modifiedAt: new Date(modified) };
    await (await open(c)).put([file], c.req.raw.signal);
    return c.json({ success: true });
  });

  app.get("/sandbox/:user/marks", async (c) => c.json(await (await open(c)).marks()));
  app.post("/sandbox/:user/marks", async (c) => {
    const names = await bodyOf(c, MARKS);
    await (await open(c)).mark(names);
    return c.json({ success: true });
  });
  app.get("/sandbox/:user/states", async (c) =>
    c.json(await workspaces.status(ownerIn(c), c.req.raw.signal)),
  );
  app.post("/sandbox/:user/rollback", async (c) => {
    const { snapshot } = await bodyOf(c, SNAPSHOT);
    const isDone = await workspaces.rollBack(ownerIn(c), snapshot, c.req.raw.signal);
    return c.json({ success: isDone });
  });
  app.post("/sandbox/:user/kill", async (c) => {
    await (await open(c)).kill();
    return c.json({ success: true });
  });

  app.get("/running", async (c) => c.json(await workspaces.running(c.req.raw.signal)));
  app.post("/running/:id/stop", async (c) =>
    c.json({ success: await workspaces.stop(c.req.param("id"), c.req.raw.signal) }),
  );
  app.get("/engine", async (c) => {
    const health = await workspaces.health(c.req.raw.signal);
    if (health.kind === "broken") throw new SandboxProblem("unavailable", health.words);
    return c.json(health);
  });
}

/** A line for each event. Whoever goes away in the middle stops it. */
function streamRun(
  { log }: ServiceDeps,
  c: Context,
  workspace: Workspace,
  program: z.infer<typeof RUN>["program"],
  limits: RunLimits,
): Response {
  const gone = new AbortController();
  c.header("Content-Type", "application/x-ndjson");
  return stream(c, async (out) => {
    out.onAbort(() => gone.abort());
    try {
      for await (const event of workspace.exec(program, limits, gone.signal))
        await out.writeln(JSON.stringify(toLine(event)));
    } catch (error) {
      if (gone.signal.aborted) return;
      log.warn({ error: asError(error) }, "sandbox-run-failed");
      await out.writeln(JSON.stringify(toProblemBody(toProblem(error))));
    }
  });
}

const toProblem = (error: unknown): SandboxProblem =>
  error instanceof SandboxProblem
    ? error
    : new SandboxProblem("ended", "That did not work; the log of the service says why.");

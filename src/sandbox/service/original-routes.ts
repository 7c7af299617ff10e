import { extname } from "node:path";
import type { Context, Hono } from "hono";
import { z } from "zod";
import { installing, PACKAGE_NAME } from "../../core/packages.ts";
import type { Program, RunLimits, SandboxFile, Workspace } from "../../core/sandbox.ts";
import { SandboxProblem } from "../../core/sandbox.ts";
import { UNPACK } from "../../lib/unpack.ts";
import { bodyOf, fitting, ownerIn } from "./request.ts";
import type { ServiceDeps, ServiceSettings } from "./service-app.ts";

const OUT_BYTES = 1_024 * 1_024;
const ERR_BYTES = 256 * 1_024;
const SHELL_SECONDS = 60;
const SOON_SECONDS = 30;
const INSTALL_SECONDS = 120;
const MAX_PACKAGES = 20;
const MAX_CODE_CHARS = 1_000_000;

const seconds = z.number().min(1).max(300);
const path = z
  .string()
  .min(1)
  .max(4_096)
  .transform((given) => (given.startsWith("/") ? given : `/box/${given}`));
const EXECUTE = z.object({ code: z.string().max(MAX_CODE_CHARS), timeout: seconds.optional() });
const SHELL = z.object({
  command: z.string().max(MAX_CODE_CHARS),
  timeout: seconds.default(SHELL_SECONDS),
});
const NAME = z.string().max(200).regex(PACKAGE_NAME, "must be a name such as pandas");
const INSTALL = z
  .object({
    package: NAME.optional(),
    packages: z.array(NAME).max(MAX_PACKAGES).optional(),
    timeout: seconds.default(INSTALL_SECONDS),
  })
  .refine(
    (asked) => asked.package !== undefined || (asked.packages ?? []).length > 0,
    "names no package",
  );
const WRITE = z.object({ path, content: z.string() });
const WHERE = z.object({ path: path.default("/box") });
const UNZIP = z.object({ path, destination: path.default("/box") });

/** The routes of the original's service, so that whoever spoke to that one finds this one as it was. */
export function addOriginalRoutes(
  app: Hono,
  { workspaces }: ServiceDeps,
  settings: ServiceSettings,
): void {
  const open = (c: Context): Promise<Workspace> => workspaces.open(ownerIn(c), c.req.raw.signal);
  const run = async (
    c: Context,
    program: Program,
    timeMs: number,
    hosts: readonly string[] = [],
  ) => {
    const asked = { timeMs: Math.min(timeMs, settings.maxRunMs), hosts };
    return c.json(await collect(await open(c), program, asked, c.req.raw.signal));
  };

  app.get("/info", async (c) => {
    const running = await workspaces.running(c.req.raw.signal);
    return c.json({
      containers: running.length,
      default_execution_timeout: settings.defaultRunMs / 1_000,
      max_execution_timeout: settings.maxRunMs / 1_000,
      max_file_size: settings.maxFileBytes,
    });
  });

  app.post("/sandbox/:user/create", async (c) =>
    c.json({ status: "running", id: (await open(c)).id }),
  );
  app.get("/sandbox/:user/status", async (c) => {
    const owner = ownerIn(c);
    const { isRunning, files, sizeBytes } = await workspaces.status(owner, c.req.raw.signal);
    return c.json({
      status: isRunning ? "running" : "stopped",
      user_id: owner,
      files,
      size: sizeBytes,
    });
  });
  app.post("/sandbox/:user/stop", async (c) => c.json({ success: await stop(c, workspaces) }));
  app.post("/sandbox/:user/restart", async (c) => {
    await stop(c, workspaces);
    return c.json({ status: "running", id: (await open(c)).id });
  });
  app.delete("/sandbox/:user", async (c) => {
    await workspaces.forget(ownerIn(c), c.req.raw.signal);
    return c.json({ success: true });
  });

  app.post("/sandbox/:user/execute", async (c) => {
    const { code, timeout } = await bodyOf(c, EXECUTE);
    return run(
      c,
      { kind: "python", code },
      timeout === undefined ? settings.defaultRunMs : timeout * 1_000,
    );
  });
  app.post("/sandbox/:user/shell", async (c) => {
    const { command, timeout } = await bodyOf(c, SHELL);
    return run(c, { kind: "shell", command }, timeout * 1_000);
  });
  app.post("/sandbox/:user/pip/install", async (c) => {
    const { package: one, packages = [], timeout } = await bodyOf(c, INSTALL);
    const names = one === undefined ? packages : [one, ...packages];
    return run(c, installing(settings.packages, names), timeout * 1_000, settings.packages.hosts);
  });
  app.get("/sandbox/:user/pip/list", async (c) => {
    const argv = ["python3", "-m", "pip", "list", "--format", "json"] as const;
    return run(c, { kind: "argv", argv }, SOON_SECONDS * 1_000);
  });
  app.post("/sandbox/:user/unzip", async (c) => {
    const { path: from, destination } = await bodyOf(c, UNZIP);
    const argv = ["python3", "-I", "-c", UNPACK, from, destination] as const;
    return run(c, { kind: "argv", argv }, SHELL_SECONDS * 1_000);
  });
  addFileRoutes(app, open);
}

function addFileRoutes(app: Hono, open: (c: Context) => Promise<Workspace>): void {
  app.get("/sandbox/:user/files", async (c) => {
    const { path: folder } = fitting(WHERE, c.req.query());
    const { entries } = await (await open(c)).list(folder, c.req.raw.signal);
    return c.json({
      files: entries.map((entry) => ({
        name: entry.path.slice(folder.length).replace(/^\//, ""),
        path: entry.path,
        size: entry.sizeBytes,
        type: extname(entry.path),
        modified: entry.modifiedAt.toISOString(),
      })),
    });
  });
  app.get("/sandbox/:user/file", async (c) => {
    const { path: from } = fitting(WHERE, c.req.query());
    const { bytes } = await (await open(c)).get(from, c.req.raw.signal);
    return c.json({ success: true, path: from, content: Buffer.from(bytes).toString() });
  });
  app.post("/sandbox/:user/file", async (c) => {
    const { path: to, content } = await bodyOf(c, WRITE);
    await (await open(c)).put([textFile(to, content)], c.req.raw.signal);
    return c.json({ success: true, path: to });
  });
  app.delete("/sandbox/:user/file", async (c) => {
    const { path: gone } = fitting(WHERE, c.req.query());
    const argv = ["rm", "-r", "--", gone] as const;
    const ran = await collect(
      await open(c),
      { kind: "argv", argv },
      { timeMs: SOON_SECONDS * 1_000 },
      c.req.raw.signal,
    );
    if (!ran.success)
      throw new SandboxProblem(
        "file",
        `${JSON.stringify(gone)} could not be removed: ${ran.stderr.trim()}`,
      );
    return c.json({ success: true });
  });
}

const textFile = (to: string, content: string): SandboxFile => ({
  path: to,
  bytes: Buffer.from(content),
  isProgram: false,
  modifiedAt: new Date(0),
});

async function stop(c: Context, workspaces: ServiceDeps["workspaces"]): Promise<boolean> {
  const owner = ownerIn(c);
  const running = await workspaces.running(c.req.raw.signal);
  const found = running.find((each) => each.owner === owner);
  return found !== undefined && (await workspaces.stop(found.id, c.req.raw.signal));
}

/** As the original answered: the whole at its end. */
async function collect(
  workspace: Workspace,
  program: Program,
  asked: Pick<RunLimits, "timeMs" | "hosts">,
  signal: AbortSignal,
) {
  const texts: Record<"out" | "err", Uint8Array[]> = { out: [], err: [] };
  for await (const event of workspace.exec(
    program,
    { ...asked, outBytes: OUT_BYTES, errBytes: ERR_BYTES },
    signal,
  )) {
    if (event.type === "output") texts[event.to].push(event.bytes);
    if (event.type !== "end") continue;
    return {
      success: event.exitCode === 0 && event.limit === null,
      stdout: Buffer.concat(texts.out).toString(),
      stderr: Buffer.concat(texts.err).toString(),
      exit_code: event.exitCode ?? 128 + (event.signal ?? 0),
      execution_time: event.elapsedMs / 1_000,
      error: event.limit === null ? null : `ended by a limit: ${event.limit}`,
    };
  }
  throw new SandboxProblem("ended", "The sandbox did not say how the program ended.");
}

import { createHash } from "node:crypto";
import { mkdir, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { McpProblem } from "../../core/mcp-control.ts";
import type { McpProgram, McpPrograms } from "../../core/mcp-install.ts";
import type { McpLaunch, McpServer, McpSource } from "../../core/mcp.ts";
import { canonicalJson } from "../../lib/canonical-json.ts";
import { dockerWords } from "./docker-words.ts";
import type { Docker } from "./docker.ts";
import { fetchRepository, type GitDeps } from "./fetch-git.ts";
import { fetchPackage } from "./fetch-npm.ts";

export interface ProgramsDeps extends GitDeps {
  readonly docker: Docker;
  /** Absolute; homes of servers are in it, too. */
  readonly folder: string;
  /** How this Clara is started. */
  readonly program: readonly string[];
  /** What Node.js programs run in, in a container. */
  readonly nodeImage: string;
  readonly createId: () => string;
  readonly now: () => Date;
}

type Wanted = Pick<McpServer, "id" | "source" | "launch">;
type Stdio = Extract<McpLaunch, { kind: "stdio" }>;

/** What somebody was killed at is cleared away when nobody can be at it any more. */
const LEFT_OVER_MS = 3_600_000;
const STAGING = ".new-";

/** Programs in folders of their own below one folder. At its end, what is being fetched is given up. */
export function createPrograms(deps: ProgramsDeps): McpPrograms & AsyncDisposable {
  const stopping = new AbortController();
  const fetching = new Map<string, Promise<string>>();
  const top = deps.folder;

  /** Several at once wait for one; that one goes on when a waiter gives up. */
  async function programFolder(server: Wanted, signal: AbortSignal): Promise<string> {
    const folder = join(top, "programs", idOf(server));
    const place = join(folder, fingerprint(server.source));
    const under =
      fetching.get(place) ?? fetchInto(deps, server.source, { folder, place }, stopping.signal);
    fetching.set(place, under);
    void under.catch(() => {}).finally(() => fetching.delete(place));
    return until(under, signal);
  }

  async function ensure(server: Wanted, signal: AbortSignal): Promise<McpProgram> {
    const { launch, source } = server;
    if (launch.kind !== "stdio")
      throw new McpProblem("cannot-start", "It is on the web: there is nothing to start.");
    const work = join(top, "homes", idOf(server));
    await mkdir(work, { recursive: true });
    switch (source.kind) {
      case "npm":
      case "smithery":
      case "github":
        return ofNode(
          deps,
          server,
          launch,
          { folder: await programFolder(server, signal), work },
          signal,
        );
      case "docker":
        return ofImage(deps, server, launch, source, work, signal);
      case "first-party":
        return ofOurs(deps, source.name, launch, work);
      case "path":
      case "url":
      case "smithery-hosted":
        return { command: commandHere(launch.command), args: launch.args, cwd: launch.cwd ?? work };
    }
  }

  return {
    ensure,
    async remove(id) {
      const name = idOf({ id });
      if (await deps.docker.isThere(AbortSignal.timeout(10_000)).catch(() => false))
        await deps.docker.clear(name, true);
      for (const kind of ["programs", "homes"])
        await rm(join(top, kind, name), { recursive: true, force: true });
    },
    async [Symbol.asyncDispose]() {
      stopping.abort(new Error("The house is closed"));
      await Promise.allSettled(fetching.values());
    },
  };
}

/** It becomes a folder's name. */
function idOf({ id }: Pick<McpServer, "id">): string {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(id))
    throw new McpProblem("refused", "That is no server of mine.");
  return id;
}

const fingerprint = (source: McpSource): string =>
  createHash("sha256").update(canonicalJson(source)).digest("hex").slice(0, 16);

/** Whole, or not there: it is fetched beside, and moved in one step. */
async function fetchInto(
  deps: ProgramsDeps,
  source: McpSource,
  { folder, place }: { readonly folder: string; readonly place: string },
  signal: AbortSignal,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await clear(deps, folder, place);
  if (await isFolder(place)) return place;
  const staging = join(folder, STAGING + deps.createId());
  await mkdir(staging);
  try {
    if (source.kind === "github") await fetchRepository(deps, source, staging, signal);
    else if (source.kind === "npm" || source.kind === "smithery")
      await fetchPackage(deps, source, staging, signal);
    await rename(staging, place).catch(async (error: unknown) => {
      // Another process was first: what it fetched is the same.
      if (!(await isFolder(place))) throw error;
    });
    return place;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function clear({ now }: ProgramsDeps, folder: string, place: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (path === place) continue;
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    const isLeft = now().getTime() - mtimeMs > LEFT_OVER_MS;
    // An earlier version's, or somebody's who was killed at it.
    if (!name.startsWith(STAGING) || isLeft) await rm(path, { recursive: true, force: true });
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

async function ofNode(
  deps: ProgramsDeps,
  server: Wanted,
  { args: [file = "", ...args], isolation, env, secretEnv }: Stdio,
  { folder, work }: { readonly folder: string; readonly work: string },
  signal: AbortSignal,
): Promise<McpProgram> {
  const top =
    server.source.kind === "github" ? join(folder, server.source.subfolder ?? ".") : folder;
  const path = await realpath(resolve(top, file)).catch(() => "");
  if (!path.startsWith((await realpath(folder)) + sep))
    throw new McpProblem(
      "cannot-start",
      "Its program is not where it should be: install it again.",
    );
  if (isolation === "process")
    return { command: process.execPath, args: [path, ...args], cwd: work };
  await deps.docker.ensureImage(deps.nodeImage, null, signal);
  await deps.docker.clear(server.id, false);
  const [command = "", ...words] = dockerWords(
    {
      ...deps.docker.nameFor(server.id),
      image: deps.nodeImage,
      args: ["node", join("/srv", path.slice((await realpath(folder)).length)), ...args],
      envNames: [...Object.keys(env), ...secretEnv],
      mounts: [
        { from: folder, to: "/srv", isWritable: false },
        { from: work, to: "/work", isWritable: true },
      ],
      folder: "/work",
      ...userHere(),
    },
    deps.docker.words,
  );
  return { command, args: words, cwd: work };
}

/** So that what it writes is ours to remove. */
const userHere = (): { readonly user?: string } => {
  const [user, group] = [process.getuid?.(), process.getgid?.()];
  return user === undefined || group === undefined ? {} : { user: `${user}:${group}` };
};

async function ofImage(
  { docker }: ProgramsDeps,
  server: Wanted,
  { args, env, secretEnv }: Stdio,
  { image, digest }: Extract<McpSource, { kind: "docker" }>,
  work: string,
  signal: AbortSignal,
): Promise<McpProgram> {
  const { volumes } = await docker.ensureImage(image, digest, signal);
  await docker.clear(server.id, false);
  const [command = "", ...words] = dockerWords(
    {
      ...docker.nameFor(server.id),
      image: `${image}@${digest}`,
      args,
      envNames: [...Object.keys(env), ...secretEnv],
      mounts: [],
      ownFolders: volumes,
    },
    docker.words,
  );
  return { command, args: words, cwd: work };
}

/** As this Clara is started now, wherever she was when it was installed. */
function ofOurs({ program }: ProgramsDeps, name: string, { args }: Stdio, cwd: string): McpProgram {
  const at = args.indexOf("serve");
  const [command = "", ...words] = [
    ...program,
    "serve",
    name,
    ...(at < 0 ? [] : args.slice(at + 2)),
  ];
  return { command, args: words, cwd };
}

/** The Node.js that we run on is the one that is here for sure. */
const commandHere = (command: string): string => (command === "node" ? process.execPath : command);

/** What one who waits gives up, the others do not lose. */
async function until<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const give = () => aborted.reject(signal.reason as Error);
  signal.addEventListener("abort", give, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", give);
    aborted.promise.catch(() => {});
  }
}

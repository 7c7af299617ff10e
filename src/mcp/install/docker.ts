import { hostname } from "node:os";
import { z } from "zod";
import { McpProblem } from "../../core/mcp-control.ts";
import { pullWords, type ContainerName } from "./docker-words.ts";
import { runWords } from "./run-words.ts";

export interface DockerDeps {
  readonly path: string;
  /** As DOCKER_HOST names it; null for where Docker is by itself. */
  readonly dockerHost: string | null;
  readonly dataDir: string;
  readonly monotonicMs: () => number;
  readonly createId: () => string;
}

export interface Docker {
  /** Whether there is one that answers; asked again now and then. */
  readonly isThere: (signal: AbortSignal) => Promise<boolean>;
  /** Fetches it unless it is there. `pin`: a digest; null where the operator named a tag. Throws McpProblem. */
  readonly ensureImage: (
    image: string,
    pin: string | null,
    signal: AbortSignal,
  ) => Promise<ImageFacts>;
  /** What a container of this server in this process is called, and found by. */
  readonly nameFor: (server: string) => ContainerName;
  /**
   * Ends what is left of earlier starts of the server in this process, and what processes of this machine that are gone
   * have left running; `everywhere`: what other processes run of it, too.
   */
  readonly clear: (server: string, everywhere: boolean) => Promise<void>;
  /** How the program is called. */
  readonly words: readonly string[];
}

export interface ImageFacts {
  /** Folders that its maker wants to be kept. */
  readonly volumes: readonly string[];
}

/** Labels of every container of ours: which process of which machine runs it, and for which server. */
const RUN = "clara.run";
const SERVER = "clara.mcp";
const OWN_RUN = `${hostname()}:${process.pid}`;
const ASK_MS = 5_000;
const PULL_MS = 600_000;
const AGAIN_MS = 60_000;
const MAX_IMAGE_BYTES = 3 * 1024 * 1024 * 1024;
const inspected = z.array(
  z.looseObject({
    Size: z.number().nullish(),
    Config: z.looseObject({ Volumes: z.record(z.string(), z.unknown()).nullish() }).nullish(),
  }),
);
/** What a container needs to be one. */
const SYSTEM = /^\/(?:$|proc|sys|dev|etc|usr|bin|sbin|lib|lib64|run|srv|work|tmp)(?:\/|$)/;

/** Docker as its own command-line program gives it. */
export function createDocker({
  path,
  dockerHost,
  dataDir,
  monotonicMs,
  createId,
}: DockerDeps): Docker {
  const words = ["docker", ...(dockerHost === null ? [] : [`--host=${dockerHost}`])];
  const run = (more: readonly string[], maxMs: number, signal: AbortSignal) =>
    runWords([...words, ...more], {
      cwd: dataDir,
      env: { PATH: path, HOME: dataDir, DOCKER_CLI_HINTS: "false" },
      maxMs,
      signal,
    });
  let known: { readonly isThere: boolean; readonly untilMs: number } | null = null;
  const look = async (named: string, signal: AbortSignal) =>
    run(["image", "inspect", named], ASK_MS, signal).catch((error: unknown) => {
      if (signal.aborted) throw error;
      return null;
    });
  /** Containers of ours. Without an engine that answers there are none. */
  async function list() {
    const format = `--format={{.ID}} {{.Label "${RUN}"}} {{.Label "${SERVER}"}}`;
    const asked = ["ps", "--all", "--no-trunc", `--filter=label=${RUN}`, format];
    const said = await run(asked, ASK_MS, AbortSignal.timeout(ASK_MS * 2)).catch(() => "");
    return said.split("\n").flatMap((line) => {
      const [id = "", of = "", server = ""] = line.trim().split(" ");
      return id === "" ? [] : [{ id, run: of, server }];
    });
  }

  return {
    words,
    async isThere(signal) {
      if (known !== null && monotonicMs() < known.untilMs) return known.isThere;
      const isThere = await run(["version", "--format={{.Server.Version}}"], ASK_MS, signal).then(
        (said) => said.trim() !== "",
        () => false,
      );
      signal.throwIfAborted();
      known = { isThere, untilMs: monotonicMs() + AGAIN_MS };
      return isThere;
    },
    async ensureImage(image, pin, signal) {
      const named = pin === null ? image : `${image}@${pin}`;
      let said = await look(named, signal);
      if (said === null) {
        await run(pullWords(named).slice(1), PULL_MS, signal);
        said = await look(named, signal);
      }
      const read = inspected.safeParse(JSON.parse(said ?? "[]"));
      const [facts] = read.success ? read.data : [];
      if (!facts)
        throw new McpProblem("cannot-start", `Docker does not show the image \`${image}\`.`);
      const volumes = Object.keys(facts.Config?.Volumes ?? {});
      const wrong = volumes.find(
        (each) => SYSTEM.test(each) || !/^\/[\w./-]+$/.test(each) || each.includes(".."),
      );
      if (wrong !== undefined)
        throw new McpProblem(
          "refused",
          `The image wants a volume over \`${wrong.slice(0, 100)}\`, which would hide what keeps it in.`,
        );
      if ((facts.Size ?? 0) > MAX_IMAGE_BYTES)
        throw new McpProblem(
          "refused",
          `The image is larger than ${MAX_IMAGE_BYTES / 1_073_741_824} GB.`,
        );
      return { volumes };
    },
    nameFor: (server) => ({
      name: `clara-mcp-${server}-${createId().slice(0, 8)}`,
      labels: { [SERVER]: server, [RUN]: OWN_RUN },
    }),
    async clear(server, everywhere) {
      const all = await list();
      const left = all.filter(
        ({ run: of, server: whose }) =>
          isGone(of) || (whose === server && (everywhere || of === OWN_RUN)),
      );
      if (left.length === 0) return;
      // One that has ended meanwhile is gone by itself.
      const words = ["rm", "--force", ...left.map(({ id }) => id)];
      await run(words, ASK_MS * 2, AbortSignal.timeout(ASK_MS * 3)).catch(() => {});
    },
  };
}

/** Of this machine, and no process any more. Those of other machines are theirs to end. */
function isGone(run: string): boolean {
  const [host, pid = ""] = run.split(":");
  if (host !== hostname() || !/^\d+$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

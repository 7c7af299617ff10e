import { z } from "zod";
import { McpProblem } from "../../core/mcp-control.ts";
import { pullWords } from "./docker-words.ts";
import { runWords } from "./run-words.ts";

export interface DockerDeps {
  readonly path: string;
  /** As DOCKER_HOST names it; null for where Docker is by itself. */
  readonly dockerHost: string | null;
  readonly dataDir: string;
  readonly monotonicMs: () => number;
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
  /** What still runs under this name is ended. */
  readonly end: (name: string) => Promise<void>;
  /** How the program is called. */
  readonly words: readonly string[];
}

export interface ImageFacts {
  /** Folders that its maker wants to be kept. */
  readonly volumes: readonly string[];
}

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
export function createDocker({ path, dockerHost, dataDir, monotonicMs }: DockerDeps): Docker {
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
    async end(name) {
      // None of that name is what most often is the case.
      await run(["rm", "--force", name], ASK_MS * 2, AbortSignal.timeout(ASK_MS * 3)).catch(
        () => {},
      );
    },
  };
}

import { watch } from "node:fs/promises";
import type { Log } from "../../core/log.ts";
import type { Service } from "../../core/service.ts";
import { asError } from "../../lib/as-error.ts";
import { pause } from "../../lib/pause.ts";
import { untilAborted } from "../../lib/until-aborted.ts";
import { keepInStep, type InStepDeps } from "./keep-in-step.ts";
import { readFiles } from "./read-files.ts";

export interface ServerFilesDeps extends InStepDeps {
  readonly log: Log;
  readonly poke: () => void;
}

export interface ServerFilesOptions {
  /** Absolute; null: none is set. */
  readonly folder: string | null;
  /** What `${NAME}` may stand for. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface ServerFiles {
  readonly service: Service;
  /** In words, what came of it. */
  readonly refresh: () => Promise<string>;
}

/** Editors write a file in several steps. */
const SETTLE_MS = 300;
/** Where nobody tells of changes: network file systems, for one. */
const LOOK_MS = 60_000;
const MAX_TOLD = 10;

/** The operator's folder of servers: read at start, whenever something in it changes, and when he says so. */
export function createServerFiles(
  deps: ServerFilesDeps,
  { folder, variables }: ServerFilesOptions,
): ServerFiles {
  let last: Promise<unknown> = Promise.resolve();

  async function look(): Promise<string> {
    if (folder === null) return "MCP_SERVERS_DIR is not set: there are no files to read.";
    const read = await readFiles(folder, variables);
    if (!read.isThere) return "The folder that MCP_SERVERS_DIR names is not there.";
    const { added, changed, removed, problems } = await keepInStep(deps, folder, read);
    if (added + changed + removed > 0) deps.poke();
    if (problems.length > 0)
      deps.log.warn({ problems: problems.length }, "mcp-files-have-problems");
    return [
      `${read.servers.length} in files: ${added} new, ${changed} changed, ${removed} gone.`,
      ...problems.slice(0, MAX_TOLD).map((each) => `⚠️ ${each}`),
    ].join("\n");
  }

  /** One at a time, in order. */
  function refresh(): Promise<string> {
    const next = last.then(look);
    last = next.catch(() => {});
    return next;
  }

  const service: Service = {
    name: "mcp-files",
    async run(signal) {
      if (folder === null) return untilAborted(signal);
      while (!signal.aborted) {
        // From before it is read: what changes meanwhile is not missed.
        const change = changeIn(folder, signal);
        try {
          await refresh();
        } catch (error) {
          deps.log.warn({ error: asError(error) }, "mcp-files-not-read");
        }
        await change;
        await pause(SETTLE_MS, signal);
      }
    },
  };
  return { service, refresh };
}

/** Resolves when something changed, when it is time to look anyway, or when the signal fires. */
async function changeIn(folder: string, signal: AbortSignal): Promise<void> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]);
  try {
    for await (const _ of watch(folder, { recursive: true, signal: within })) return;
  } catch {
    // Time to look, or nothing that can be watched: the next look is not far.
    if (!within.aborted) await pause(LOOK_MS, within);
  }
}

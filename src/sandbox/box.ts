import { SandboxProblem, type LimitHit, type Sandbox, type SandboxFile } from "../core/sandbox.ts";
import type { FindHost } from "../core/net.ts";
import { getFile, listFiles, putFiles } from "./box-files.ts";
import { exec } from "./exec.ts";
import type { Keeper } from "./keeper.ts";

/** Where everything is that a sandbox keeps. */
const ROOTS = ["/box", "/out"] as const;

interface Parts {
  readonly id: string;
  readonly keeper: Keeper;
  readonly kill: () => Promise<void>;
  /** What a sandbox that is gone ended by, when it was none of ours. */
  readonly endedBy: () => Promise<LimitHit | null>;
  readonly maxFileBytes: number;
  readonly findHost: FindHost | null;
}

/** A sandbox, spoken to through its keeper, wherever that runs. */
export function createBox({ id, keeper, kill, endedBy, maxFileBytes, findHost }: Parts): Sandbox {
  const get = async (path: string, signal: AbortSignal): Promise<SandboxFile> => ({
    path,
    bytes: await getFile(keeper, path, maxFileBytes, signal),
    isProgram: false,
    modifiedAt: new Date(0),
  });

  async function* snapshot(signal: AbortSignal): AsyncGenerator<SandboxFile> {
    for (const root of ROOTS) {
      const { entries } = await listFiles(keeper, root, signal);
      for (const { path, isProgram, modifiedAt } of entries) {
        const file = await orNothing(get(path, signal));
        if (file !== null) yield { ...file, isProgram, modifiedAt };
      }
    }
  }

  return {
    id,
    put: (files, signal) => putFiles(keeper, files, signal),
    exec: (program, limits, signal) =>
      exec({ keeper, kill, endedBy, findHost }, program, limits, signal),
    get,
    list: (folder, signal) => listFiles(keeper, folder, signal),
    snapshot,
    kill,
    gone: keeper.gone,
  };
}

/** A file that nobody may read, whose name is no text, or which is too large, does not keep the others from being kept. */
async function orNothing(file: Promise<SandboxFile>): Promise<SandboxFile | null> {
  try {
    return await file;
  } catch (error) {
    if (error instanceof SandboxProblem && error.kind === "file") return null;
    throw error;
  }
}

import type { Duplex } from "node:stream";
import type Docker from "dockerode";
import type { Log } from "../../core/log.ts";
import type { FindHost } from "../../core/net.ts";
import type { LimitHit, Sandbox, SandboxLimits } from "../../core/sandbox.ts";
import { asError } from "../../lib/as-error.ts";
import { pause } from "../../lib/pause.ts";
import { createBox } from "../box.ts";
import { createKeeper } from "../keeper.ts";
import { containerOptions } from "./container-options.ts";

/** No container gets older, whoever uses it. */
export const MAX_LIFE_MS = 6 * 60 * 60_000;
const KILL_PATIENCE_MS = 10_000;
/** As the kernel ends what has used up its memory. */
const KILLED_STATUS = 137;
const NEVER = new AbortController().signal;

interface Deps {
  readonly docker: Docker;
  readonly log: Log;
  readonly findHost: FindHost | null;
}

interface Asked {
  readonly id: string;
  readonly image: string;
  readonly house: string;
  readonly until: Date;
  readonly runtime: string | null;
  readonly limits: SandboxLimits;
}

/** A container with a keeper that is ready. `gone` resolves when the engine has removed it. */
export async function startContainer(
  { docker, log, findHost }: Deps,
  asked: Asked,
): Promise<{ readonly sandbox: Sandbox; readonly gone: Promise<unknown> }> {
  const { id, limits } = asked;
  const options = containerOptions({ ...asked, name: `clara-sandbox-${id}` });
  const container = await docker.createContainer(options);
  try {
    const line = await attach(container);
    const keeper = createKeeper(line);
    const life = watch(container, log.child({ sandbox: id }));
    await container.start();
    await keeper.ready;
    const kill = async () => {
      await life.kill();
      line.destroy();
    };
    // A keeper that is gone takes its container with it; one that speaks no sense is ended.
    void keeper.gone.then(() => life.killUnlessGone());
    const { endedBy, gone } = life;
    return {
      sandbox: createBox({ id, keeper, kill, endedBy, findHost, maxFileBytes: limits.fileBytes }),
      gone,
    };
  } catch (error) {
    // One that never ran does not remove itself.
    await container.remove({ force: true }).catch((problem: unknown) => {
      log.debug({ sandbox: id, error: asError(problem) }, "sandbox-not-removed");
    });
    throw error;
  }
}

const attach = async (container: Docker.Container): Promise<Duplex> =>
  // Its types know no more than that it can be read and written.
  (await container.attach({
    stream: true,
    hijack: true,
    stdin: true,
    stdout: true,
    stderr: true,
  })) as Duplex;

/** Ends a container, and knows what it ended by. */
function watch(container: Docker.Container, log: Log) {
  let isKilled = false;
  let isGone = false;
  // Asked for before it runs, so that no ending is missed. null when the engine itself went away.
  const gone: Promise<number | null> = container.wait({ condition: "removed" }).then(
    ({ StatusCode }: { readonly StatusCode: number }) => StatusCode,
    () => null,
  );
  void gone.then(() => (isGone = true));

  async function kill(): Promise<void> {
    if (isGone) return;
    isKilled = true;
    // It may have ended by itself; whether it is gone is seen below.
    await container.kill().catch((error: unknown) => {
      log.debug({ error: asError(error) }, "sandbox-kill");
    });
    await withinPatience(gone);
    if (!isGone) log.error({}, "sandbox-not-gone");
  }

  return {
    gone,
    kill,
    async killUnlessGone(): Promise<void> {
      const wasKilled = isKilled;
      await Promise.race([gone, pause(KILL_PATIENCE_MS, NEVER)]);
      if (!isGone && !wasKilled) await kill();
    },
    /** null when it was us, or nobody knows. */
    endedBy: async (): Promise<LimitHit | null> =>
      (await withinPatience(gone)) === KILLED_STATUS && !isKilled ? "memory" : null,
  };
}

async function withinPatience<Value>(value: Promise<Value>): Promise<Value | null> {
  const waited = new AbortController();
  try {
    return await Promise.race([value, pause(KILL_PATIENCE_MS, waited.signal).then(() => null)]);
  } finally {
    waited.abort();
  }
}

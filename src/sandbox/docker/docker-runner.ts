import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { FindHost } from "../../core/net.ts";
import {
  SandboxProblem,
  type Sandbox,
  type SandboxLimits,
  type SandboxRunner,
} from "../../core/sandbox.ts";
import { asError } from "../../lib/as-error.ts";
import { MAX_LIFE_MS, startContainer } from "./container.ts";
import { openEngine } from "./engine.ts";
import { askEngine, runtimeOf } from "./engine-health.ts";
import { toSandboxProblem } from "./problems.ts";
import { withinTime } from "./within-time.ts";

export interface DockerSettings {
  /** For example unix:///var/run/docker.sock or tcp://127.0.0.1:2375. */
  readonly host: string;
  readonly image: string;
  /** Which Clara: containers of others are left alone. */
  readonly house: string;
  /** Together, of all owners. */
  readonly maxSandboxes: number;
}

export interface DockerDeps {
  readonly clock: Clock;
  readonly createId: () => string;
  readonly log: Log;
  /** How names are looked up for runs that may reach somebody; null: none may. */
  readonly findHost: FindHost | null;
}

/** From asking for a container until the keeper in it says that it is ready. */
const START_PATIENCE_MS = 20_000;

/** Sandboxes as containers of the engine at `host`: a new one for each `create`. */
export function createDockerRunner(deps: DockerDeps, settings: DockerSettings): SandboxRunner {
  const engine = openEngine(settings.host);
  const { host: where, image, maxSandboxes } = settings;
  const open = new Set<string>();

  async function start(limits: SandboxLimits, abandoned: AbortSignal): Promise<Sandbox> {
    const id = deps.createId();
    open.add(id);
    try {
      const docker = await engine();
      const until = new Date(deps.clock.now().getTime() + MAX_LIFE_MS);
      const asked = { ...settings, id, until, limits, runtime: await runtimeOf(docker) };
      const { sandbox, gone } = await startContainer({ ...deps, docker }, asked);
      void gone.then(() => open.delete(id));
      // Whoever asked for it has gone on without it.
      if (abandoned.aborted) await sandbox.kill();
      return sandbox;
    } catch (error) {
      open.delete(id);
      throw error;
    }
  }

  return {
    async create(_, limits, signal) {
      signal.throwIfAborted();
      if (open.size >= maxSandboxes) throw tooMany(maxSandboxes);
      try {
        return await withinTime((abandoned) => start(limits, abandoned), START_PATIENCE_MS, signal);
      } catch (error) {
        signal.throwIfAborted();
        deps.log.warn({ error: asError(error) }, "sandbox-not-started");
        throw toSandboxProblem(error, { where, image });
      }
    },
    health: (signal) => askEngine(engine, { where, image, running: open.size }, signal),
  };
}

const tooMany = (max: number): SandboxProblem =>
  new SandboxProblem("busy", `All ${max} sandboxes are in use. Try again in a few minutes.`);

import type { Log } from "../core/log.ts";
import {
  SandboxProblem,
  type Sandbox,
  type SandboxLimits,
  type SandboxRunner,
} from "../core/sandbox.ts";
import { asError } from "../lib/as-error.ts";

interface Deps {
  readonly runner: SandboxRunner;
  readonly log: Log;
}

interface PoolSettings {
  /** How many wait; 0 for none. */
  readonly size: number;
  readonly limits: SandboxLimits;
}

export interface WarmPool extends SandboxRunner {
  /** Starts what is missing. Never rejects: the next one who asks starts his own. */
  readonly fill: () => Promise<void>;
  /** Ends those that wait. */
  readonly empty: () => Promise<void>;
}

/**
 * Sandboxes that have started and wait for somebody, each for one owner alone. One that was given out is never taken
 * back: nothing of one owner is seen by another.
 */
export function createWarmPool({ runner, log }: Deps, { size, limits }: PoolSettings): WarmPool {
  const waiting = new Set<Sandbox>();
  const signal = new AbortController().signal;
  let filling: Promise<void> | null = null;
  let isClosed = false;

  async function start(): Promise<void> {
    const sandbox = await runner.create("nobody", limits, signal);
    if (isClosed) return sandbox.kill();
    waiting.add(sandbox);
    void sandbox.gone.then(() => waiting.delete(sandbox));
  }

  async function fillUp(): Promise<void> {
    try {
      while (waiting.size < size && !isClosed) await start();
    } catch (error) {
      // All that may be are in use, or nobody answers: whoever needs one is told.
      log.debug({ error: asError(error) }, "no-warm-sandbox");
    }
  }

  const fill = (): Promise<void> => {
    filling ??= fillUp().finally(() => (filling = null));
    return filling;
  };

  function take(): Sandbox | null {
    const [first] = waiting;
    if (!first) return null;
    waiting.delete(first);
    return first;
  }

  return {
    fill,
    health: runner.health,
    async create(owner, wanted, given) {
      given.throwIfAborted();
      const ready = wanted === limits ? take() : null;
      if (ready !== null) {
        void fill();
        return ready;
      }
      try {
        return await runner.create(owner, wanted, given);
      } catch (error) {
        // One that waits for somebody else with other wishes makes room.
        const spare = error instanceof SandboxProblem && error.kind === "busy" ? take() : null;
        if (spare === null) throw error;
        await spare.kill();
        return await runner.create(owner, wanted, given);
      }
    },
    async empty() {
      isClosed = true;
      await filling;
      await Promise.all([...waiting].map((sandbox) => sandbox.kill()));
    },
  };
}

import type { Clock } from "../core/clock.ts";
import { CHANGED_QUIET_MS } from "./limits.ts";

interface Relisting {
  /** Something has changed. However often this is said, it is listed once, and no more often than `everyMs`. */
  readonly poke: () => void;
  readonly stop: () => void;
}

export function createRelisting(
  list: () => Promise<void>,
  {
    clock,
    everyMs,
    onError,
  }: {
    readonly clock: Pick<Clock, "elapsedMs">;
    readonly everyMs: number;
    readonly onError: (error: unknown) => void;
  },
): Relisting {
  let timer: NodeJS.Timeout | null = null;
  let lastAt = -Infinity;
  let isStopped = false;

  async function run(): Promise<void> {
    lastAt = clock.elapsedMs();
    try {
      await list();
    } catch (error) {
      if (!isStopped) onError(error);
    } finally {
      timer = null;
    }
  }

  return {
    poke() {
      if (timer !== null || isStopped) return;
      const waitMs = Math.max(CHANGED_QUIET_MS, lastAt + everyMs - clock.elapsedMs());
      timer = setTimeout(() => void run(), waitMs);
    },
    stop() {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

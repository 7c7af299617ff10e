import { setTimeout as sleep } from "node:timers/promises";

import type { World } from "../world/world.ts";

export interface WaitOptions {
  readonly timeoutMs?: number;
}

export interface SettleOptions extends WaitOptions {
  /** Settled means: nothing changed for this long. */
  readonly stableMs?: number;
}

const DEFAULT_TIMEOUT_MS = 20_000;
const DEFAULT_STABLE_MS = 150;

/** Gives what `probe` finds, now or after any later change. Rejects with `describe()` when time is up. */
export async function waitFor<T>(
  world: World,
  probe: () => T | undefined,
  describe: () => string,
  { timeoutMs = DEFAULT_TIMEOUT_MS }: WaitOptions = {},
): Promise<T> {
  const found = probe();
  if (found !== undefined) return found;

  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(
    () => reject(new Error(`${describe()} (waited ${timeoutMs} ms)`)),
    timeoutMs,
  );
  const stop = world.onChange(() => {
    try {
      const late = probe();
      if (late !== undefined) resolve(late);
    } catch (error) {
      reject(error instanceof Error ? error : new Error(String(error), { cause: error }));
    }
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    stop();
  }
}

/** As waitFor(), then waits until `fingerprint` has stayed the same for a while. */
export async function waitUntilSettled<T>(
  world: World,
  probe: () => T | undefined,
  fingerprint: (found: T) => string,
  describe: () => string,
  { timeoutMs = DEFAULT_TIMEOUT_MS, stableMs = DEFAULT_STABLE_MS }: SettleOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let before: string | undefined = fingerprint(
    await waitFor(world, probe, describe, { timeoutMs }),
  );
  for (;;) {
    await sleep(stableMs);
    const now = probe();
    const after = now === undefined ? undefined : fingerprint(now);
    if (now !== undefined && after === before) return now;
    before = after;
    if (performance.now() > deadline)
      throw new Error(`${describe()}: it never settled in ${timeoutMs} ms`);
  }
}

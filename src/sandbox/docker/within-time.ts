import { pause } from "../../lib/pause.ts";
import { tooSlow } from "./problems.ts";

/** What the engine takes longer for is a SandboxProblem; the work is then told by its own signal that nobody waits for it. */
export async function withinTime<Value>(
  begin: (abandoned: AbortSignal) => Promise<Value>,
  patienceMs: number,
  signal: AbortSignal,
): Promise<Value> {
  const abandoned = new AbortController();
  const done = new AbortController();
  const work = begin(abandoned.signal);
  work.catch(() => {}); // Nobody hears of it when it comes too late.
  const waited = pause(patienceMs, AbortSignal.any([signal, done.signal])).then(() => {
    signal.throwIfAborted();
    throw tooSlow(patienceMs / 1_000);
  });
  waited.catch(() => {}); // It may lose.
  try {
    return await Promise.race([work, waited]);
  } catch (error) {
    abandoned.abort();
    throw error;
  } finally {
    done.abort();
  }
}

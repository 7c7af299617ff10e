import { setTimeout as sleep } from "node:timers/promises";

/** Does something `count` times, `ms` apart whatever it takes; what comes late is made up for. */
export async function everyMs<Result>(
  ms: number,
  count: number,
  act: (index: number) => Result,
): Promise<readonly Result[]> {
  const startedAt = performance.now();
  const results: Result[] = [];
  for (let index = 0; index < count; index++) {
    const wait = startedAt + index * ms - performance.now();
    if (wait > 0) await sleep(wait);
    results.push(act(index));
  }
  return results;
}

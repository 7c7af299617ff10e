import { percentile } from "../percentile.ts";

export interface Times {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const WARM_UP = 100;

/** Milliseconds of so many calls, one after the other. */
export async function measure(
  calls: number,
  call: (at: number) => Promise<unknown>,
): Promise<Times> {
  for (let at = 0; at < WARM_UP; at += 1) await call(at);
  const times: number[] = [];
  for (let at = 0; at < calls; at += 1) {
    const began = performance.now();
    await call(at);
    times.push(performance.now() - began);
  }
  return timesOf(times);
}

export const timesOf = (times: readonly number[]): Times => ({
  p50: percentile(times, 0.5),
  p95: percentile(times, 0.95),
  p99: percentile(times, 0.99),
});

/** Preloaded into a measured program: tells over IPC what can only be seen from within. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

export interface Probed {
  readonly rssMb: number;
  /** Since the last "watch": how late timers were. */
  readonly lagMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Since the last "watch": of one core, all threads together, so that it may exceed 1. */
  readonly cpuShare: number;
}

export type ProbeOrder = "watch" | "read";

const PERIOD_MS = 5;

// A preload runs in the worker threads of the program as well.
if (isMainThread && process.send) {
  const delay = monitorEventLoopDelay({ resolution: PERIOD_MS });
  let cpu = process.cpuUsage();
  let watchedAt = performance.now();

  const read = (): Probed => {
    const { user, system } = process.cpuUsage(cpu);
    // What is recorded is the time between two timers, and not how late they were.
    const lag = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - PERIOD_MS);
    return {
      rssMb: process.memoryUsage.rss() / 2 ** 20,
      lagMs: {
        p50: lag(delay.percentile(50)),
        p99: lag(delay.percentile(99)),
        max: lag(delay.max),
      },
      cpuShare: (user + system) / 1000 / (performance.now() - watchedAt),
    };
  };

  process.on("message", (order: ProbeOrder) => {
    if (order === "read") return void process.send?.(read());
    delay.reset();
    delay.enable();
    cpu = process.cpuUsage();
    watchedAt = performance.now();
  });
  // A listener keeps the process alive, which is the program's own business.
  process.channel?.unref();
}

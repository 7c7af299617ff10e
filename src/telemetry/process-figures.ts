import { monitorEventLoopDelay } from "node:perf_hooks";
import { cpuUsage, memoryUsage } from "node:process";
import type { Family } from "./exposition.ts";

/** How often the loop is looked at. */
const RESOLUTION_MS = 50;
const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;

export interface ProcessFigures extends Disposable {
  /** The lag is that since the last question. */
  readonly families: () => readonly Family[];
}

/** Of this process, by the names that dashboards for Node.js know. */
export function createProcessFigures(startedAt: Date): ProcessFigures {
  const lag = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  lag.enable();
  /** Node counts the interval itself as delay. */
  const toSeconds = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds)
      ? Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1_000)
      : 0;
  return {
    families() {
      const { rss, heapUsed } = memoryUsage();
      const { user, system } = cpuUsage();
      const [p99, max, mean] = [lag.percentile(99), lag.max, lag.mean].map(toSeconds);
      lag.reset();
      return [
        gauge("nodejs_eventloop_lag_mean_seconds", "Mean lag of the event loop.", mean),
        gauge("nodejs_eventloop_lag_p99_seconds", "Lag of the event loop, 99th percentile.", p99),
        gauge("nodejs_eventloop_lag_max_seconds", "Longest lag of the event loop.", max),
        gauge("process_resident_memory_bytes", "Memory of the process.", rss),
        gauge("nodejs_heap_size_used_bytes", "Memory of the heap in use.", heapUsed),
        gauge(
          "process_start_time_seconds",
          "When the process began, in seconds since 1970.",
          startedAt.getTime() / 1_000,
        ),
        {
          name: "process_cpu_seconds_total",
          help: "Time that processors worked for the process.",
          type: "counter",
          samples: [{ value: (user + system) / MICROSECONDS }],
        },
      ];
    },
    [Symbol.dispose]: () => void lag.disable(),
  };
}

const gauge = (name: string, help: string, value = 0): Family => ({
  name,
  help,
  type: "gauge",
  samples: [{ value }],
});

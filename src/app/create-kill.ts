import type { KillPoint } from "../config.ts";
import type { Fault } from "../core/fault.ts";

/** Ends the process at once as it passes the point for the n-th time, as a power cut would. Only for tests. */
export function createKill({ point, times }: KillPoint): Fault {
  let left = times;
  return (passed) => {
    if (passed === point && --left === 0) process.kill(process.pid, "SIGKILL");
  };
}

import type { Clock } from "../core/clock.ts";
import { McpProblem } from "../core/mcp-control.ts";
import { pause } from "../lib/pause.ts";
import type { Connection } from "./connection.ts";
import { MAX_UNWELL, type Paces } from "./limits.ts";
import { membersOf, memoryOf } from "./processes.ts";

export interface WatchDeps {
  readonly clock: Clock;
  /** Of all processes of a server together. */
  readonly maxMemoryBytes: number;
  /** A server that nobody has used for so long is put to sleep. */
  readonly idleMs: number;
  readonly paces: Paces;
}

interface Watched {
  readonly idleSince: () => number | null;
  readonly onPace: (isSlow: boolean) => void;
  readonly signal: AbortSignal;
}

/**
 * Looks after a connection until it ends: whether its programs hold too much memory, whether it answers, whether anybody
 * uses it. Gives why it should not go on.
 */
export async function watchOver(
  { clock, maxMemoryBytes, idleMs, paces }: WatchDeps,
  connection: Connection,
  { idleSince, onPace, signal }: Watched,
): Promise<McpProblem | "idle" | "stopped"> {
  const over = new AbortController();
  const any = AbortSignal.any([signal, over.signal]);
  let ended: McpProblem | null = null;
  void connection.ended.then((problem) => {
    ended = problem;
    over.abort();
  });
  let unwell = 0;
  let askedAt = clock.elapsedMs();
  try {
    while (!any.aborted) {
      await pause(paces.memoryEveryMs, any);
      if (any.aborted) break;
      if (connection.pid !== null && (await holds(connection.pid)) > maxMemoryBytes)
        return new McpProblem("broken", `It held more than ${inMb(maxMemoryBytes)} MB of memory.`);
      const idle = idleSince();
      if (idle !== null && clock.elapsedMs() - idle > idleMs) return "idle";
      if (clock.elapsedMs() - askedAt < paces.healthEveryMs) continue;
      const tookMs = await answerTime({ clock, paces }, connection, any);
      askedAt = clock.elapsedMs();
      unwell = tookMs === null ? unwell + 1 : 0;
      if (unwell >= MAX_UNWELL)
        return new McpProblem(
          "silent",
          "It stopped answering when it was asked whether it is well.",
        );
      onPace(tookMs === null || tookMs > paces.slowMs);
    }
    return signal.aborted ? "stopped" : (ended ?? "stopped");
  } finally {
    over.abort();
  }
}

const holds = async (pid: number): Promise<number> => memoryOf(await membersOf(pid));

const inMb = (bytes: number): number => Math.round(bytes / 1024 / 1024);

/** null when no answer came; what it answers does not matter. */
async function answerTime(
  { clock, paces }: Pick<WatchDeps, "clock" | "paces">,
  connection: Connection,
  signal: AbortSignal,
): Promise<number | null> {
  const startedAt = clock.elapsedMs();
  try {
    await connection.ping(AbortSignal.any([signal, AbortSignal.timeout(paces.healthMs)]));
  } catch (error) {
    if (!(error instanceof McpProblem) || error.kind !== "refused") return null;
  }
  return clock.elapsedMs() - startedAt;
}

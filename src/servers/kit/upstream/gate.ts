import { Failure } from "../failure.ts";

/** More than that many waiting is no queue any more. */
const MAX_WAITING = 1_000;
const MAX_KEYS = 10_000;

export interface Gate {
  /** Runs at most so many at a time for one key, the others in order. */
  readonly run: <Answer>(
    key: string,
    signal: AbortSignal,
    work: () => Promise<Answer>,
  ) => Promise<Answer>;
}

interface Lane {
  running: number;
  readonly waiting: ((isIn: boolean) => void)[];
}

export function createGate(atOnce: number): Gate {
  const lanes = new Map<string, Lane>();

  const laneOf = (key: string): Lane => {
    const lane = lanes.get(key) ?? { running: 0, waiting: [] };
    if (!lanes.has(key) && lanes.size >= MAX_KEYS) throw full();
    lanes.set(key, lane);
    return lane;
  };
  const leave = (key: string, lane: Lane): void => {
    const next = lane.waiting.shift();
    if (next) return next(true);
    lane.running -= 1;
    if (lane.running === 0) lanes.delete(key);
  };
  return {
    async run(key, signal, work) {
      signal.throwIfAborted();
      const lane = laneOf(key);
      const isIn = await enter(lane, atOnce, signal);
      try {
        signal.throwIfAborted();
        return await work();
      } finally {
        if (isIn) leave(key, lane);
      }
    },
  };
}

/** False when the caller gave up before it was its turn. */
async function enter(lane: Lane, atOnce: number, signal: AbortSignal): Promise<boolean> {
  if (lane.running < atOnce) {
    lane.running += 1;
    return true;
  }
  if (lane.waiting.length >= MAX_WAITING) throw full();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  lane.waiting.push(resolve);
  const giveUp = (): void => {
    const at = lane.waiting.indexOf(resolve);
    if (at === -1) return;
    lane.waiting.splice(at, 1);
    resolve(false);
  };
  signal.addEventListener("abort", giveUp, { once: true });
  const isIn = await promise;
  signal.removeEventListener("abort", giveUp);
  return isIn;
}

const full = (): Failure =>
  new Failure("RATE_LIMITED", "Too many calls are waiting already.", { retryAfterMs: 5_000 });

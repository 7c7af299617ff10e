const DISCORD_EPOCH_MS = 1_420_070_400_000n;
const TIME_SHIFT = 22n;

/** Gives ids that carry their time and never go backwards, even when `now` does. */
export function createSnowflakes(now: () => number): () => string {
  let last = 0n;
  return () => {
    const fromClock = (BigInt(Math.trunc(now())) - DISCORD_EPOCH_MS) << TIME_SHIFT;
    last = fromClock > last ? fromClock : last + 1n;
    return String(last);
  };
}

/** When the id was made, in epoch milliseconds. */
export function snowflakeTime(id: string): number {
  return Number((BigInt(id) >> TIME_SHIFT) + DISCORD_EPOCH_MS);
}

/** Sorts ids by age; works on strings of different lengths. */
export function compareSnowflakes(a: string, b: string): number {
  if (a === b) return 0;
  return a.length - b.length || (a < b ? -1 : 1);
}

/** True for what Discord accepts as an id in a path or a body. */
export function isSnowflake(value: unknown): value is string {
  return typeof value === "string" && /^\d{15,20}$/.test(value);
}

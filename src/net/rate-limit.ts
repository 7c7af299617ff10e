import type { Clock } from "../core/clock.ts";
import type { UserId } from "../core/ids.ts";

/** Requests of one person that may follow each other at once, and how many a minute after that. */
export interface RateOptions {
  readonly burst: number;
  readonly perMinute: number;
}

export const DEFAULT_RATE: RateOptions = { burst: 60, perMinute: 60 };

/** People who are remembered; the one who has been quiet longest is forgotten first, with a full bucket anyway. */
const MAX_PEOPLE = 10_000;

/** How long a person has to wait before the next request, in milliseconds; 0 counts it and lets it through. */
export type RateLimit = (person: UserId) => number;

/** A bucket for each person. */
export function createRateLimit(clock: Clock, { burst, perMinute }: RateOptions): RateLimit {
  const buckets = new Map<UserId, { readonly left: number; readonly atMs: number }>();
  const perMs = perMinute / 60_000;
  return (person) => {
    const atMs = clock.elapsedMs();
    const before = buckets.get(person) ?? { left: burst, atMs };
    const left = Math.min(burst, before.left + (atMs - before.atMs) * perMs);
    buckets.delete(person);
    buckets.set(person, { left: left >= 1 ? left - 1 : left, atMs });
    const [oldest] = buckets.keys();
    if (buckets.size > MAX_PEOPLE && oldest !== undefined) buckets.delete(oldest);
    return left >= 1 ? 0 : Math.ceil((1 - left) / perMs);
  };
}

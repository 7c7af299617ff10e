import { Redis } from "ioredis";
import type { Logger } from "pino";

const CONNECT_MS = 2_000;
const COMMAND_MS = 1_000;
const MAX_RETRY_MS = 5_000;

/**
 * A connection that is made again when it breaks. Commands fail at once while there is none. Resolves when it stands, or
 * when that takes too long: Redis may come later.
 */
export async function openRedis(url: string, log: Logger): Promise<Redis> {
  const redis = new Redis(url, {
    connectTimeout: CONNECT_MS,
    commandTimeout: COMMAND_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, MAX_RETRY_MS),
  });
  let isTold = false;
  redis.on("error", () => {
    if (!isTold) log.warn({}, "redis-away");
    isTold = true;
  });
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  redis.on("ready", () => {
    isTold = false;
    resolve();
  });
  redis.once("error", () => resolve());
  const timer = setTimeout(resolve, CONNECT_MS);
  await ready;
  clearTimeout(timer);
  return redis;
}

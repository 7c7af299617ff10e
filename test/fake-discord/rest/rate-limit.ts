import { createHash } from "node:crypto";

import { setBounded } from "../world/bounded.ts";

export interface Limit {
  readonly count: number;
  readonly perMs: number;
}

/** `off` sends no headers and never refuses; a table overrides `discord` by "METHOD /route". */
export type RateLimits = "off" | "discord" | Readonly<Record<string, Limit>>;

// Discord publishes none of these; they are what its headers say today, rounded to the careful side.
const DISCORD: Readonly<Record<string, Limit>> = {
  "POST /channels/:channelId/messages": { count: 5, perMs: 5_000 },
  "PATCH /channels/:channelId/messages/:messageId": { count: 5, perMs: 5_000 },
  "DELETE /channels/:channelId/messages/:messageId": { count: 5, perMs: 1_000 },
  "POST /channels/:channelId/messages/bulk-delete": { count: 1, perMs: 3_000 },
  "GET /channels/:channelId/messages": { count: 5, perMs: 1_000 },
  "POST /channels/:channelId/typing": { count: 5, perMs: 5_000 },
  "PUT /channels/:channelId/messages/:messageId/reactions/:emoji/@me": { count: 1, perMs: 250 },
  "DELETE /channels/:channelId/messages/:messageId/reactions/:emoji/@me": { count: 1, perMs: 250 },
  "PATCH /channels/:channelId": { count: 5, perMs: 15_000 },
  "POST /channels/:channelId/threads": { count: 50, perMs: 300_000 },
  "POST /users/@me/channels": { count: 10, perMs: 10_000 },
  "PUT /applications/:applicationId/commands": { count: 5, perMs: 20_000 },
  "PUT /applications/:applicationId/guilds/:guildId/commands": { count: 5, perMs: 20_000 },
  "POST /webhooks/:applicationId/:token": { count: 5, perMs: 2_000 },
  "PATCH /webhooks/:applicationId/:token/messages/:messageId": { count: 5, perMs: 5_000 },
};
const MAX_BUCKETS = 10_000;
const OTHERS: Limit = { count: 50, perMs: 1_000 };
const GLOBAL: Limit = { count: 50, perMs: 1_000 };

export interface Asked {
  readonly method: string;
  readonly route: string;
  readonly params: Readonly<Record<string, string>>;
}

export interface Verdict {
  readonly headers: Readonly<Record<string, string>>;
  readonly refused: { readonly scope: "user" | "global"; readonly retryAfterMs: number } | null;
}

interface Bucket {
  used: number;
  resetAt: number;
}

/** Counts requests in buckets of method, route and major parameter, as Discord's headers describe them. */
export class RateLimiter {
  readonly #limits: RateLimits;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();
  readonly #global: Bucket = { used: 0, resetAt: 0 };

  constructor(limits: RateLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  take(asked: Asked): Verdict {
    const limit = this.#limitFor(asked);
    if (!limit) return { headers: {}, refused: null };

    // Interactions are outside the global limit. https://discord.com/developers/docs/topics/rate-limits#global-rate-limit
    const isInteraction = /^\/(interactions|webhooks)\//.test(asked.route);
    if (!isInteraction && !this.#spend(this.#global, GLOBAL)) {
      const retryAfterMs = this.#global.resetAt - this.#now();
      return { headers: {}, refused: { scope: "global", retryAfterMs } };
    }
    const bucket = this.#bucketFor(asked);
    const isFree = this.#spend(bucket, limit);
    const resetAfterMs = bucket.resetAt - this.#now();
    const headers = {
      "x-ratelimit-limit": String(limit.count),
      "x-ratelimit-remaining": String(limit.count - bucket.used),
      "x-ratelimit-reset": (bucket.resetAt / 1000).toFixed(3),
      "x-ratelimit-reset-after": (resetAfterMs / 1000).toFixed(3),
      "x-ratelimit-bucket": hashOf(asked),
    };
    return { headers, refused: isFree ? null : { scope: "user", retryAfterMs: resetAfterMs } };
  }

  #limitFor({ method, route }: Asked): Limit | null {
    const name = `${method} ${route}`;
    // The answer to an interaction has no bucket of its own.
    if (this.#limits === "off" || route.startsWith("/interactions/")) return null;
    const own = this.#limits === "discord" ? undefined : this.#limits[name];
    return own ?? DISCORD[name] ?? OTHERS;
  }

  #bucketFor(asked: Asked): Bucket {
    const { channelId, guildId, applicationId, token } = asked.params;
    const major = channelId ?? guildId ?? (token ? `${applicationId}:${token}` : "");
    const key = `${hashOf(asked)}:${major}`;
    const bucket = this.#buckets.get(key) ?? { used: 0, resetAt: 0 };
    setBounded(this.#buckets, key, bucket, MAX_BUCKETS);
    return bucket;
  }

  #spend(bucket: Bucket, limit: Limit): boolean {
    const now = this.#now();
    if (now >= bucket.resetAt) {
      bucket.used = 0;
      bucket.resetAt = now + limit.perMs;
    }
    if (bucket.used >= limit.count) return false;
    bucket.used += 1;
    return true;
  }
}

function hashOf({ method, route }: Asked): string {
  return createHash("sha256").update(`${method} ${route}`).digest("hex").slice(0, 32);
}

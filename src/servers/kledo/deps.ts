import type { Cache } from "../kit/cache/cache.ts";
import type { Clock } from "../kit/clock.ts";
import type { KledoApi } from "./api/client.ts";

/** What the tools of this server are made of. */
export interface KledoDeps {
  readonly api: KledoApi;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly zone: string;
  readonly memory: { readonly evictions: () => number; readonly expirations: () => number };
  readonly maxEntries: number;
}

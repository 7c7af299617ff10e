import type { Redis } from "ioredis";
import { toTenantId, DEFAULT_TENANT, type TenantId } from "../tenant.ts";
import type { TokenStore } from "./token-store.ts";
import type { TokenText } from "./token-text.ts";

const SCAN_KEYS = 500;
const MAX_SCANS = 1_000;

/** Writes when the value is still what it was; an empty second argument stands for none. */
const WRITE = `
local now = redis.call('GET', KEYS[1])
if (now or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1`;

/** In Redis, sealed, and without an end: a refresh token that disappears by itself locks its owner out. */
export function createRedisTokens(redis: Redis, prefix: string, text: TokenText): TokenStore {
  const key = (tenant: TenantId) => `${prefix}${tenant}`;
  return {
    async read(tenant) {
      const version = await redis.get(key(tenant));
      return version === null ? null : { tokens: text.read(tenant, version), version };
    },
    async write(tenant, tokens, version) {
      const written = await redis.eval(
        WRITE,
        1,
        key(tenant),
        version ?? "",
        text.write(tenant, tokens),
      );
      return written === 1;
    },
    async remove(tenant) {
      await redis.del(key(tenant));
    },
    async tenants() {
      const found: string[] = [];
      let cursor = "0";
      for (let scan = 0; scan < MAX_SCANS; scan += 1) {
        const [next, keys] = await redis.scan(cursor, "MATCH", `${prefix}*`, "COUNT", SCAN_KEYS);
        found.push(...keys.map((each) => each.slice(prefix.length)));
        cursor = next;
        if (cursor === "0") break;
      }
      return found.flatMap((name): TenantId[] => {
        const tenant = name === DEFAULT_TENANT ? DEFAULT_TENANT : toTenantId(name);
        return tenant === null ? [] : [tenant];
      });
    },
  };
}

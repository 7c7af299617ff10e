import { createHash } from "node:crypto";
import { DEFAULT_TENANT, type TenantId } from "../tenant.ts";
import { secretsOf, type Tokens, type TokenStore } from "./token-store.ts";

/** Of credentials that are in the settings only. */
const NOT_YET = "";

/**
 * One tenant, whose credentials stand in the settings. What became of them by rotation is in the file, as long as the
 * settings are the same; new settings begin anew. Other tenants have nothing here.
 */
export function createEnvStore(seed: Tokens | null, file: TokenStore): TokenStore {
  if (seed === null) return NOTHING;
  const own = ofSettings(seed, file);
  return {
    ...own,
    async read(tenant, signal) {
      if (tenant !== DEFAULT_TENANT) return null;
      return (await own.read(tenant, signal)) ?? { tokens: seed, version: NOT_YET };
    },
    write: (tenant, tokens, version, signal) =>
      own.write(tenant, tokens, version === NOT_YET ? null : version, signal),
    tenants: () => Promise.resolve([DEFAULT_TENANT]),
  };
}

/**
 * The one tenant's place in a file, under a name that the settings make: two programs with other credentials each may
 * share the file, and neither overwrites what the other one has got by rotation.
 */
export function ofSettings(seed: Tokens, file: TokenStore): TokenStore {
  const slot = slotOf(seed);
  return {
    read: async (tenant, signal) => (tenant === DEFAULT_TENANT ? file.read(slot, signal) : null),
    write: async (tenant, tokens, version, signal) =>
      tenant === DEFAULT_TENANT && file.write(slot, tokens, version, signal),
    remove: async (tenant, signal) => {
      if (tenant === DEFAULT_TENANT) await file.remove(slot, signal);
    },
    tenants: async (signal) => ((await file.read(slot, signal)) === null ? [] : [DEFAULT_TENANT]),
  };
}

const NOTHING: TokenStore = {
  read: () => Promise.resolve(null),
  write: () => Promise.resolve(false),
  remove: () => Promise.resolve(),
  tenants: () => Promise.resolve([]),
};

/** Tells nothing of what it is made of. */
function slotOf(seed: Tokens): TenantId {
  const mark = createHash("sha256")
    .update(JSON.stringify(secretsOf(seed)))
    .digest("hex");
  return `settings-${mark.slice(0, 16)}` as TenantId;
}

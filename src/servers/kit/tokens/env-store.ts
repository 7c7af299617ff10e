import { createHash } from "node:crypto";
import { DEFAULT_TENANT } from "../tenant.ts";
import { secretsOf, type Tokens, type TokenStore } from "./token-store.ts";

/** Tells which settings the tokens in the file came from. */
const SEED = "seed";

/**
 * One tenant, whose credentials stand in the settings. What became of them by rotation is in the file, as long as the
 * settings are the same; new settings win. Other tenants have nothing here.
 */
export function createEnvStore(seed: Tokens | null, file: TokenStore): TokenStore {
  const mark = seed === null ? null : fingerprint(seed);
  return {
    async read(tenant, signal) {
      if (tenant !== DEFAULT_TENANT || seed === null || mark === null) return null;
      const held = await file.read(tenant, signal);
      if (held?.tokens.secrets[SEED] === mark) return held;
      const tokens = { ...seed, secrets: { ...seed.secrets, [SEED]: mark } };
      return { tokens, version: `${mark} ${held?.version ?? ""}` };
    },
    write(tenant, tokens, version, signal) {
      if (tenant !== DEFAULT_TENANT || mark === null) return Promise.resolve(false);
      const inFile = version?.startsWith(`${mark} `) ? version.slice(mark.length + 1) : version;
      return file.write(tenant, tokens, inFile === "" ? null : inFile, signal);
    },
    remove: file.remove,
    tenants: () => Promise.resolve(seed === null ? [] : [DEFAULT_TENANT]),
  };
}

const fingerprint = (seed: Tokens): string =>
  createHash("sha256")
    .update(JSON.stringify(secretsOf(seed)))
    .digest("hex")
    .slice(0, 16);

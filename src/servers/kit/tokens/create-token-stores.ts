import type { Redis } from "ioredis";
import { createSealer } from "../../../lib/seal.ts";
import type { Clock } from "../clock.ts";
import type { KitSettings } from "../settings.ts";
import { createEnvStore, ofSettings } from "./env-store.ts";
import { createFileStore } from "./file-store.ts";
import { createRedisTokens } from "./redis-tokens.ts";
import { createTokenText } from "./token-text.ts";
import type { Tokens, TokenStore } from "./token-store.ts";
import { createVaultTokens } from "./vault-tokens.ts";

interface TokenStoreDeps {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly redis: Redis | null;
}

/** Where tokens lie, and where they are put aside while that place does not answer. */
export function createTokenStores(
  { fetch, clock, pause, redis }: TokenStoreDeps,
  { store, file, keyPrefix, keys, vault }: KitSettings["tokens"],
  server: string,
  seed: Tokens | null,
): { readonly store: TokenStore; readonly spill: TokenStore } {
  const [first, ...others] = keys;
  const text = createTokenText(server, first ? createSealer([first, ...others]) : null);
  const onDisk = (path: string) => createFileStore({ path, text, clock, pause });
  const spill = onDisk(`${file}.aside`);
  if (store === "redis" && redis)
    return { store: createRedisTokens(redis, keyPrefix, text), spill };
  if (store === "vault" && vault) return { store: createVaultTokens({ fetch }, vault), spill };
  return {
    store: createEnvStore(seed, onDisk(file)),
    spill: seed === null ? spill : ofSettings(seed, spill),
  };
}

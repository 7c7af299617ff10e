import { createHash } from "node:crypto";
import { z } from "zod";
import type { TenantId } from "../tenant.ts";

/** What one tenant signs in with. */
export interface Tokens {
  readonly accessToken: string | null;
  readonly refreshToken: string | null;
  /** Milliseconds since 1970; null when it does not end. */
  readonly expiresAt: number | null;
  /** Whatever else this upstream wants: a personal token, an address and a password. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Somebody renews them right now; others wait for it. */
  readonly lease: { readonly id: string; readonly until: number } | null;
}

export interface HeldTokens {
  readonly tokens: Tokens;
  /** Changes with every write. */
  readonly version: string;
}

/** Where tokens lie. No tenant's are ever given out for another one. */
export interface TokenStore {
  /** null when there are none for this tenant. Throws when the store does not answer. */
  readonly read: (tenant: TenantId, signal: AbortSignal) => Promise<HeldTokens | null>;
  /** Only when nobody else wrote since `version`, null for nothing. False when somebody did. */
  readonly write: (
    tenant: TenantId,
    tokens: Tokens,
    version: string | null,
    signal: AbortSignal,
  ) => Promise<boolean>;
  readonly remove: (tenant: TenantId, signal: AbortSignal) => Promise<void>;
  readonly tenants: (signal: AbortSignal) => Promise<readonly TenantId[]>;
}

export const NO_TOKENS: Tokens = {
  accessToken: null,
  refreshToken: null,
  expiresAt: null,
  secrets: {},
  lease: null,
};

const KNOWN = ["access_token", "refresh_token", "expires_at", "lease_id", "lease_until"];

const recordSchema = z.looseObject({
  access_token: z.string().nullish(),
  refresh_token: z.string().nullish(),
  /** Seconds since 1970. */
  expires_at: z.number().nullish(),
  lease_id: z.string().nullish(),
  lease_until: z.number().nullish(),
});

/** As the original servers wrote it, with more fields. Throws ZodError for anything else. */
export function fromRecord(value: unknown): Tokens {
  const record = recordSchema.parse(value);
  const more = Object.entries(record).filter(([name]) => !KNOWN.includes(name));
  const { lease_id: id, lease_until: until } = record;
  return {
    accessToken: record.access_token ?? null,
    refreshToken: record.refresh_token ?? null,
    expiresAt: record.expires_at ? record.expires_at * 1000 : null,
    secrets: Object.fromEntries(
      more.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    ),
    lease: id && until ? { id, until } : null,
  };
}

export const toRecord = ({ accessToken, refreshToken, expiresAt, secrets, lease }: Tokens) => ({
  ...secrets,
  access_token: accessToken,
  refresh_token: refreshToken,
  expires_at: expiresAt === null ? null : expiresAt / 1000,
  ...(lease ? { lease_id: lease.id, lease_until: lease.until } : {}),
});

/**
 * Another text when a tenant's credentials lead to another account. What changes by renewal is no part of it; of OAuth
 * alone nothing else is known than whose it is.
 */
export function accountMark({ accessToken, expiresAt, secrets }: Tokens): string {
  const { seed, email, username, base_url, folder_id, hmac_username, user_sso_id } = secrets;
  const lasting = expiresAt === null ? accessToken : null;
  const known = [seed, email, username, base_url, folder_id, hmac_username, user_sso_id, lasting];
  return createHash("sha256").update(JSON.stringify(known)).digest("base64url").slice(0, 12);
}

/** All that nobody may read. */
export const secretsOf = ({ accessToken, refreshToken, secrets }: Tokens): readonly string[] =>
  [accessToken, refreshToken, ...Object.values(secrets)].filter((text) => text !== null);

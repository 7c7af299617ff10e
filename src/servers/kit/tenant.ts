import { Failure } from "./failure.ts";

/** Whose data and whose credentials. */
export type TenantId = string & { readonly __brand: "TenantId" };

/** Of a server that serves one account. Nobody can ask for it by this name. */
export const DEFAULT_TENANT = "_default" as TenantId;

/** What a caller may act for. */
export type Access =
  | { readonly kind: "one"; readonly tenant: TenantId }
  /** A host that serves many people and says with each call for whom. */
  | { readonly kind: "any"; readonly otherwise: TenantId };

const SHAPE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
const RESERVED = "__";

/** A name that can be part of a key in Redis and of a path in Vault; null for anything else. */
export const toTenantId = (text: string): TenantId | null =>
  SHAPE.test(text) && !text.includes(RESERVED) ? (text as TenantId) : null;

/** The tenant of one call. Nothing that a caller says leads to somebody else's. */
export function tenantOf(access: Access, asked: string | undefined): TenantId {
  if (asked === undefined) return access.kind === "one" ? access.tenant : access.otherwise;
  const tenant = toTenantId(asked);
  if (tenant === null)
    throw new Failure("INVALID_ARGUMENT", "user_id is not a valid name.", {
      hint: "Use 1 to 128 letters, digits, - and _, or leave it out.",
    });
  if (access.kind === "one" && access.tenant !== tenant)
    throw new Failure("FORBIDDEN", "This caller may not act for that user_id.", {
      hint: "Leave user_id out: whose account it is follows from how the caller signed in.",
    });
  return tenant;
}

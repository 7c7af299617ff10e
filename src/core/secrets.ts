import type { Secret } from "../lib/secret.ts";
import type { GuildId, UserId } from "./ids.ts";

/** Whose secret it is. Credentials of one owner never serve another. */
export type SecretOwner =
  | { readonly kind: "operator" }
  | { readonly kind: "guild"; readonly guildId: GuildId }
  | { readonly kind: "person"; readonly userId: UserId };

export type FoundSecret =
  | { readonly kind: "found"; readonly secret: Secret }
  | { readonly kind: "nothing" }
  /** It is there, but the key that opens it is not, or it was changed: whoever it belongs to has to enter it again. */
  | { readonly kind: "locked" };

/** Keys, tokens and passwords at rest, sealed. Names are ours, for example `provider:openrouter`. */
export interface SecretStore {
  readonly put: (owner: SecretOwner, name: string, value: string) => Promise<void>;
  readonly get: (owner: SecretOwner, name: string) => Promise<FoundSecret>;
  readonly remove: (owner: SecretOwner, name: string) => Promise<boolean>;
  readonly names: (owner: SecretOwner) => Promise<readonly string[]>;
}

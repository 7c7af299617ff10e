import type { Sealer } from "../../../lib/seal.ts";
import { Failure } from "../failure.ts";
import { DEFAULT_TENANT, type TenantId } from "../tenant.ts";
import { fromRecord, toRecord, type Tokens } from "./token-store.ts";

/** How tokens are written where texts are kept. */
export interface TokenText {
  readonly write: (tenant: TenantId, tokens: Tokens) => string;
  readonly read: (tenant: TenantId, text: string) => Tokens;
}

/**
 * Sealed, and bound to their tenant: a text that is moved to another tenant's place does not open. Plain JSON is read,
 * too, so that whoever runs the server can put tokens there by hand; it is sealed with the next write.
 */
export function createTokenText(server: string, sealer: Sealer | null): TokenText {
  const binding = (tenant: TenantId) => `mcp-tokens ${server} ${tenant}`;
  return {
    write(tenant, tokens) {
      const text = JSON.stringify(toRecord(tokens));
      return sealer === null ? text : sealer.seal(text, binding(tenant));
    },
    read(tenant, text) {
      const plain = text.startsWith("{") ? text : opened(sealer, text, binding(tenant));
      try {
        return fromRecord(JSON.parse(plain));
      } catch {
        throw unreadable(tenant, "are not written as they should be");
      }
    },
  };
}

function opened(sealer: Sealer | null, text: string, binding: string): string {
  const open = sealer?.unseal(text, binding);
  if (open?.kind === "open") return open.secret.reveal();
  throw unreadable(null, open?.kind === "locked" ? "are sealed with another key" : "do not open");
}

const unreadable = (tenant: TenantId | null, why: string): Failure =>
  new Failure(
    "NO_CREDENTIALS",
    `The stored tokens${tenant === null || tenant === DEFAULT_TENANT ? "" : ` of ${tenant}`} ${why}.`,
    { hint: "Whoever runs the server has to look at TOKEN_STORE_KEY and put them there again." },
  );

import { sql } from "drizzle-orm/sql";
import { mcpServerId, userId } from "../core/ids.ts";
import type { BegunSignIn, McpSignIns } from "../core/mcp-sign-ins.ts";
import { readableKeys } from "../core/principal.ts";
import type { Sealer } from "../lib/seal.ts";
import { rows, type Database } from "./database.ts";
import { toText } from "./json.ts";
import { ownerKey, toOwner } from "./owners.ts";

/** Long enough that a person who comes late is told so. */
const KEPT = sql`interval '24 hours'`;

export interface StoredMcpSignIns extends McpSignIns {
  /** Removes what nobody will come back for. */
  readonly tidy: () => Promise<void>;
}

interface SignInRow {
  readonly serverId: string;
  readonly holder: string;
  readonly startedBy: string;
  readonly startedByName: string;
  readonly sealed: string;
  readonly expiresAt: string;
  readonly isLate: boolean;
}

const columns = (now: Date) => sql`
  server_id as "serverId", holder, started_by as "startedBy", started_by_name as "startedByName", sealed,
  expires_at as "expiresAt", expires_at <= ${now.toISOString()} as "isLate"`;

/** Without a sealer nothing can be begun, and `begin` says what to do. */
export function createMcpSignIns(
  { db, transact }: Database,
  sealer: Sealer | null,
): StoredMcpSignIns {
  const seal = (stateHash: string, kept: string): string => {
    if (!sealer)
      throw new Error(
        "There is no key to seal sign-ins with. Set CLARA_SECRET_KEYS to what `clara new-key` prints, and start again.",
      );
    return sealer.seal(kept, bindingOf(stateHash));
  };

  /** null when its key is not here any more: then it is as if nobody had begun it. */
  const toBegun = (stateHash: string, row: SignInRow): BegunSignIn | null => {
    const unsealed = sealer?.unseal(row.sealed, bindingOf(stateHash));
    if (unsealed?.kind !== "open") return null;
    return {
      serverId: mcpServerId(row.serverId),
      holder: toOwner(row.holder),
      startedBy: { userId: userId(row.startedBy), name: row.startedByName },
      kept: unsealed.secret.reveal(),
      expiresAt: new Date(row.expiresAt),
    };
  };

  return {
    async begin(scope, stateHash, { serverId, holder, kept, expiresAt }) {
      readableKeys(scope);
      const { userId: person, displayName } = scope.principal;
      const sealed = seal(stateHash, kept);
      await transact(async ({ db: inside }) => {
        await rows(
          inside,
          sql`delete from mcp_sign_ins where server_id = ${serverId} and started_by = ${person}`,
        );
        await rows(
          inside,
          sql`
            insert into mcp_sign_ins (state_hash, server_id, holder, started_by, started_by_name, sealed, expires_at)
            values (${stateHash}, ${serverId}, ${ownerKey(holder)}, ${person}, ${toText(displayName)}, ${sealed},
              ${expiresAt.toISOString()})`,
        );
      });
    },

    async look(stateHash, now) {
      const [row] = await rows<SignInRow>(
        db,
        sql`select ${columns(now)} from mcp_sign_ins where state_hash = ${stateHash}`,
      );
      return row && !row.isLate ? toBegun(stateHash, row) : null;
    },

    async keep(stateHash, kept, now) {
      const changed = await rows(
        db,
        sql`
          update mcp_sign_ins set sealed = ${seal(stateHash, kept)}
          where state_hash = ${stateHash} and expires_at > ${now.toISOString()} returning server_id`,
      );
      return changed.length > 0;
    },

    async finish(stateHash, now) {
      const [row] = await rows<SignInRow>(
        db,
        sql`delete from mcp_sign_ins where state_hash = ${stateHash} returning ${columns(now)}`,
      );
      if (row?.isLate) return { kind: "expired" };
      const begun = row ? toBegun(stateHash, row) : null;
      return begun === null ? { kind: "unknown" } : { kind: "finished", begun };
    },

    async of(scope, serverId) {
      readableKeys(scope);
      const [row] = await rows<{ stateHash: string; expiresAt: string }>(
        db,
        sql`
          select state_hash as "stateHash", expires_at as "expiresAt" from mcp_sign_ins
          where server_id = ${serverId} and started_by = ${scope.principal.userId}`,
      );
      return row ? { stateHash: row.stateHash, expiresAt: new Date(row.expiresAt) } : null;
    },

    async forget(person, serverId) {
      await rows(
        db,
        sql`delete from mcp_sign_ins where server_id = ${serverId} and started_by = ${person}`,
      );
    },

    async tidy() {
      await rows(db, sql`delete from mcp_sign_ins where expires_at < now() - ${KEPT}`);
    },
  };
}

/** Where it lives, so that it opens in no other row. */
const bindingOf = (stateHash: string): string =>
  JSON.stringify(["mcp_sign_ins", "sealed", stateHash]);

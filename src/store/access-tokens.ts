import { sql } from "drizzle-orm/sql";
import type { AccessToken, AccessTokens } from "../core/access-tokens.ts";
import { userId } from "../core/ids.ts";
import { readableKeys } from "../core/principal.ts";
import { rows, type Db } from "./database.ts";
import { toText } from "./json.ts";
import { toConversation, type ConversationRow } from "./watermarks.ts";

/** Tokens of one person that are good. */
export const MAX_TOKENS = 20;

export interface StoredAccessTokens extends AccessTokens {
  /** Removes those that are over. */
  readonly tidy: () => Promise<void>;
}

interface TokenRow extends Omit<AccessToken, "createdAt" | "expiresAt" | "lastUsedAt"> {
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt: string | null;
}

export function createAccessTokens(db: Db): StoredAccessTokens {
  return {
    async add(scope, tokenHash, { id, label, canChange, expiresAt }) {
      readableKeys(scope);
      const { userId: owner, displayName } = scope.principal;
      const added = await rows(
        db,
        sql`
          insert into access_tokens (token_hash, id, owner, owner_name, label, can_change, expires_at)
          select ${tokenHash}, ${id}, ${owner}, ${toText(displayName)}, ${toText(label)}, ${canChange}::boolean,
            ${expiresAt.toISOString()}::timestamptz
          where (
            select count(*) from access_tokens where owner = ${owner} and expires_at > now()
          ) < ${MAX_TOKENS}
          returning id`,
      );
      return added.length > 0;
    },

    async list(scope) {
      readableKeys(scope);
      const found = await rows<TokenRow>(
        db,
        sql`
          select id, label, can_change as "canChange", created_at as "createdAt", expires_at as "expiresAt",
            last_used_at as "lastUsedAt"
          from access_tokens where owner = ${scope.principal.userId} and expires_at > now()
          order by created_at desc, id`,
      );
      return found.map(({ createdAt, expiresAt, lastUsedAt, ...rest }) => ({
        ...rest,
        createdAt: new Date(createdAt),
        expiresAt: new Date(expiresAt),
        lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt),
      }));
    },

    async remove(scope, id) {
      readableKeys(scope);
      const gone = await rows(
        db,
        sql`
          delete from access_tokens where owner = ${scope.principal.userId} and id = ${id} returning id`,
      );
      return gone.length > 0;
    },

    async use(tokenHash, now) {
      const [row] = await rows<{
        id: string;
        owner: string;
        ownerName: string;
        canChange: boolean;
      }>(
        db,
        sql`
          update access_tokens set last_used_at = ${now.toISOString()}
          where token_hash = ${tokenHash} and expires_at > ${now.toISOString()}
          returning id, owner, owner_name as "ownerName", can_change as "canChange"`,
      );
      return row
        ? {
            tokenId: row.id,
            person: { userId: userId(row.owner), name: row.ownerName },
            canChange: row.canChange,
          }
        : null;
    },

    async ownPlace(scope) {
      readableKeys(scope);
      const [row] = await rows<ConversationRow>(
        db,
        sql`
          select * from conversations
          where audience = ${`private:${scope.principal.userId}`} and kind = 'dm'
          order by watermark_at desc nulls last limit 1`,
      );
      return row ? toConversation(row) : null;
    },

    async tidy() {
      await rows(db, sql`delete from access_tokens where expires_at < now()`);
    },
  };
}

import { boolean, index, pgTable, text, timestamp } from "drizzle-orm/pg-core";

const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** Tokens by which people's own programs reach Clara as them. The tokens themselves are kept as hashes only. */
export const accessTokens = pgTable(
  "access_tokens",
  {
    tokenHash: text("token_hash").primaryKey(),
    /** Shown in lists, and by which it is taken back. */
    id: text().notNull(),
    /** `discord:1`. */
    owner: text().notNull(),
    ownerName: text("owner_name").notNull(),
    label: text().notNull(),
    /** False: it reads, and nothing more. */
    canChange: boolean("can_change").notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
    expiresAt: at("expires_at").notNull(),
    lastUsedAt: at("last_used_at"),
  },
  (table) => [index("access_tokens_owner").on(table.owner)],
);

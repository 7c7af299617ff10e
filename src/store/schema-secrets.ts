import { index, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

/** Keys, tokens and passwords, sealed: see lib/seal.ts. What the key opens stands nowhere here. */
export const secrets = pgTable(
  "secrets",
  {
    /** `operator`, `guild:discord:1`, `person:discord:2`. */
    owner: text().notNull(),
    name: text().notNull(),
    sealed: text().notNull(),
    /** Of the master key that wraps the data key. */
    keyId: text("key_id").notNull(),
    setAt: timestamp("set_at", { withTimezone: true, mode: "date" }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.owner, table.name] }),
    index("secrets_key").on(table.keyId),
  ],
);

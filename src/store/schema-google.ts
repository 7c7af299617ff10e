import { index, pgTable, text, timestamp } from "drizzle-orm/pg-core";

/** Links by which people connect their Google, one a person. What opens them is kept as hashes only. */
export const googleLinks = pgTable(
  "google_links",
  {
    /** `discord:1`. */
    owner: text().primaryKey(),
    /** What the person is called, for the page that asks. */
    name: text().notNull(),
    idHash: text("id_hash").notNull(),
    /** Of OAuth's state; null until it was begun. */
    stateHash: text("state_hash"),
    /** Of PKCE: the browser keeps what it was made of. */
    challenge: text(),
    expiresAt: timestamp("expires_at", { withTimezone: true, mode: "date" }).notNull(),
  },
  (table) => [
    index("google_links_id").on(table.idHash),
    index("google_links_state").on(table.stateHash),
  ],
);

/** Of the release before `locks`, which may still run beside this one. It goes with the next release. */
export const googleLocks = pgTable("google_locks", {
  owner: text().primaryKey(),
  holder: text().notNull(),
  until: timestamp({ withTimezone: true, mode: "date" }).notNull(),
});

import { pgTable, text, timestamp } from "drizzle-orm/pg-core";

/** Who does something now that only one may do at a time, in all processes: a refresh of tokens, for example. */
export const locks = pgTable("locks", {
  /** What it is about, and at its end whom: `google discord:1`. */
  name: text().primaryKey(),
  holder: text().notNull(),
  until: timestamp({ withTimezone: true, mode: "date" }).notNull(),
});

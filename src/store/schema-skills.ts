import { pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

/** How people want things to be done, each in words of their own. */
export const skills = pgTable(
  "skills",
  {
    /** `discord:1`. */
    owner: text().notNull(),
    name: text().notNull(),
    description: text().notNull(),
    instructions: text().notNull(),
    changedAt: timestamp("changed_at", { withTimezone: true, mode: "date" }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.owner, table.name] })],
);

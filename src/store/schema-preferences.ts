import { jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import type { Settings } from "../core/settings.ts";

/** What people, channels and servers set for themselves. */
export const preferences = pgTable("preferences", {
  /** `person:discord:1`, `channel:discord:2`, `guild:discord:3`. */
  holder: text().primaryKey(),
  values: jsonb().$type<Partial<Settings>>().notNull(),
  setBy: text("set_by").notNull(),
  setAt: timestamp("set_at", { withTimezone: true, mode: "date" }).notNull().defaultNow(),
});

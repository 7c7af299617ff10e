import { index, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import type { JsonObject } from "../core/model.ts";

const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** What the controls below a reply lead to, for the one person who sees them. */
export const components = pgTable(
  "components",
  {
    id: text().primaryKey(),
    owner: text().notNull(),
    action: text().notNull(),
    data: jsonb().$type<JsonObject>().notNull(),
    /** Somebody's press is at work until then. */
    busyUntil: at("busy_until"),
    expiresAt: at("expires_at").notNull(),
  },
  (table) => [
    index("components_owner").on(table.owner),
    index("components_expires").on(table.expiresAt),
  ],
);

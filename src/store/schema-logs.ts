import { bigint, index, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import type { EntryLevel } from "../core/log-entries.ts";
import type { JsonObject } from "../core/model.ts";

/** Warnings, errors and what each turn came to, for the operator: ids and figures, without secrets and without words. */
export const logEntries = pgTable(
  "log_entries",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    at: timestamp("at", { withTimezone: true, mode: "date" }).notNull(),
    level: text().$type<EntryLevel>().notNull(),
    event: text().notNull(),
    room: text(),
    fields: jsonb().$type<JsonObject>().notNull(),
  },
  (table) => [index("log_entries_at").on(table.at)],
);

import { sql } from "drizzle-orm/sql";
import { bigint, index, pgTable, text, timestamp } from "drizzle-orm/pg-core";

/** What people keep. The bytes are elsewhere, named by the row's id: there are never bytes without a row. */
export const files = pgTable(
  "files",
  {
    /** A UUID, and the name of the bytes. */
    id: text().primaryKey(),
    /** Who gave it, and who may remove it: `discord:1`. */
    owner: text().notNull(),
    /** Who may read it: `private:discord:1`, `channel:discord:channel:2`. */
    audience: text().notNull(),
    name: text().notNull(),
    contentType: text("content_type").notNull(),
    sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
    /** Hexadecimal; what is read must have it. */
    sha256: text().notNull(),
    /** The attachment that it was, `discord:123`; null for others. */
    origin: text(),
    /** coming: its bytes are on their way. going: nobody may read it, and its bytes are to be removed. */
    state: text().$type<"coming" | "kept" | "going">().notNull().default("kept"),
    savedAt: timestamp("saved_at", { withTimezone: true, mode: "date" }).notNull().defaultNow(),
  },
  (table) => [
    index("files_audience").on(table.audience, table.name),
    index("files_owner").on(table.owner),
    index("files_origin").on(table.origin),
    index("files_unsettled")
      .on(table.savedAt)
      .where(sql`state <> 'kept'`),
  ],
);

import { index, pgTable, text, timestamp } from "drizzle-orm/pg-core";

const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** Who asked for everything to be taken away. The row goes with the rest. */
export const farewells = pgTable(
  "farewells",
  {
    /** No foreign key: one may leave without having said a word. */
    personId: text("person_id").primaryKey(),
    askedAt: at("asked_at").notNull().defaultNow(),
    dueAt: at("due_at").notNull(),
    /** Since when the person's memories were forgotten before; so it is again when this is taken back. */
    forgottenBefore: at("forgotten_before"),
  },
  (table) => [index("farewells_due").on(table.dueAt)],
);

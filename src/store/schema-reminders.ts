import { sql } from "drizzle-orm";
import {
  bigserial,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { Conversation } from "../core/message.ts";
import type { NewReminder, ReminderState } from "../core/reminders.ts";
import type { Repeat } from "../lib/calendar.ts";
import { people } from "./schema.ts";

const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** What people want to be told later. See core/reminders.ts for the states. */
export const reminders = pgTable(
  "reminders",
  {
    id: bigserial({ mode: "number" }).primaryKey(),
    ownerId: text("owner_id")
      .notNull()
      .references(() => people.id),
    /** Who may see this row, besides its owner in private. */
    audience: text().notNull(),
    place: jsonb().$type<Conversation>().notNull(),
    to: text().$type<NewReminder["to"]>().notNull(),
    text: text().notNull(),
    zone: text().notNull(),
    dueAt: at("due_at").notNull(),
    repeat: jsonb().$type<Repeat>(),
    timesLeft: integer("times_left").notNull(),
    state: text().$type<ReminderState>().notNull().default("open"),
    /** A worker has it until then. */
    leasedUntil: at("leased_until"),
    /** For the present due_at. */
    firstTriedAt: at("first_tried_at"),
    tries: integer().notNull().default(0),
    /** Of one that was put off: which time of which reminder. */
    origin: text(),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [
    index("reminders_due")
      .on(table.dueAt)
      .where(sql`${table.state} = 'open'`),
    index("reminders_owner").on(table.ownerId),
    uniqueIndex("reminders_origin").on(table.origin),
  ],
);

/** Where people's clocks hang. */
export const timeZones = pgTable("time_zones", {
  personId: text("person_id")
    .primaryKey()
    .references(() => people.id),
  zone: text().notNull(),
});

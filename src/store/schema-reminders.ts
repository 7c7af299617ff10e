import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { Conversation } from "../core/message.ts";
import type { NewReminder, ReminderState } from "../core/reminders.ts";
import type { ScheduleState } from "../core/schedules.ts";
import type { Repeat } from "../lib/calendar.ts";
import type { StoredPrincipal } from "./principals.ts";
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

/** Prompts that Clara works on by the clock. See core/schedules.ts for the states. */
export const schedules = pgTable(
  "schedules",
  {
    id: bigserial({ mode: "number" }).primaryKey(),
    ownerId: text("owner_id")
      .notNull()
      .references(() => people.id),
    /** Who may see this row, besides its owner in private. */
    audience: text().notNull(),
    principal: jsonb().$type<StoredPrincipal>().notNull(),
    place: jsonb().$type<Conversation>().notNull(),
    prompt: text().notNull(),
    zone: text().notNull(),
    dueAt: at("due_at").notNull(),
    repeat: jsonb().$type<Repeat>(),
    timesLeft: integer("times_left").notNull(),
    maxRunUsd: doublePrecision("max_run_usd").notNull(),
    maxMonthUsd: doublePrecision("max_month_usd").notNull(),
    state: text().$type<ScheduleState>().notNull().default("open"),
    leasedUntil: at("leased_until"),
    firstTriedAt: at("first_tried_at"),
    tries: integer().notNull().default(0),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [
    index("schedules_due")
      .on(table.dueAt)
      .where(sql`${table.state} = 'open'`),
    index("schedules_owner").on(table.ownerId),
  ],
);

/** Which turn was made of which time of a schedule. No foreign key to the turn: it comes a moment later. */
export const scheduleRuns = pgTable(
  "schedule_runs",
  {
    scheduleId: bigint("schedule_id", { mode: "number" })
      .notNull()
      .references(() => schedules.id),
    dueAt: at("due_at").notNull(),
    turnId: text("turn_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.scheduleId, table.dueAt] }),
    uniqueIndex("schedule_runs_turn").on(table.turnId),
  ],
);

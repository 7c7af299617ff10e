import { sql } from "drizzle-orm";
import { doublePrecision, index, pgTable, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";
import type { Tone } from "../core/episodes.ts";
import { conversations, people } from "./schema.ts";

const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** What Clara wants to come back to with a person, within a time. */
export const intentions = pgTable(
  "intentions",
  {
    id: text().primaryKey(),
    ownerId: text("owner_id")
      .notNull()
      .references(() => people.id),
    audience: text().notNull(),
    text: text().notNull(),
    hash: text().notNull(),
    dueFrom: at("due_from").notNull(),
    dueTo: at("due_to").notNull(),
    sources: text().array().notNull().default([]),
    createdAt: at("created_at").notNull().defaultNow(),
    /** The turn that was given it: no other one gets it, unless that turn ends without an answer. */
    turnId: text("turn_id"),
    doneAt: at("done_at"),
  },
  (table) => [
    uniqueIndex("intentions_open")
      .on(table.ownerId, table.audience, table.hash)
      .where(sql`${table.doneAt} is null`),
    index("intentions_owner").on(table.ownerId),
    index("intentions_turn").on(table.turnId),
    index("intentions_sources").using("gin", table.sources),
  ],
);

/** A talk that is over: what it was about, for when it is asked about long after. */
export const episodes = pgTable(
  "episodes",
  {
    id: text().primaryKey(),
    conversationId: text("conversation_id")
      .notNull()
      .references(() => conversations.id),
    audience: text().notNull(),
    summary: text().notNull(),
    topics: text().array().notNull(),
    /** An estimate by a model; null when it said none. */
    tone: text().$type<Tone>(),
    toneConfidence: doublePrecision("tone_confidence").notNull(),
    participants: text().array().notNull(),
    startsAt: at("starts_at").notNull(),
    endsAt: at("ends_at").notNull(),
    /** All lines that it was made of. */
    sources: text().array().notNull(),
    madeAt: at("made_at").notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("episodes_end").on(table.conversationId, table.endsAt),
    index("episodes_audience").on(table.audience, table.endsAt),
    index("episodes_sources").using("gin", table.sources),
  ],
);

/** Who or what stands how to whom or what, as one person said it. */
export const relations = pgTable(
  "relations",
  {
    id: text().primaryKey(),
    ownerId: text("owner_id")
      .notNull()
      .references(() => people.id),
    audience: text().notNull(),
    /** The same entity has the same key, however it is written; the owner's own is `self:` and his id. */
    fromKey: text("from_key").notNull(),
    fromName: text("from_name").notNull(),
    type: text().notNull(),
    toKey: text("to_key").notNull(),
    toName: text("to_name").notNull(),
    validFrom: at("valid_from").notNull(),
    validTo: at("valid_to"),
    sources: text().array().notNull().default([]),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("relations_same")
      .on(table.ownerId, table.audience, table.fromKey, table.type, table.toKey)
      .where(sql`${table.validTo} is null`),
    index("relations_audience").on(table.audience),
    index("relations_sources").using("gin", table.sources),
  ],
);

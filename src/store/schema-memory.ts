import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { FactKind, FactOrigin, MemoryMode } from "../core/memory.ts";
import type { RecallState } from "../core/recall.ts";
import { people, turns } from "./schema.ts";

/** Searched in the program, exactly and per person: so no extension of the database is needed. */
const bytes = customType<{ data: Uint8Array }>({ dataType: () => "bytea" });

const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** What people said of themselves and their world. Never overwritten: what holds no longer gets an end and a successor. */
export const memories = pgTable(
  "memories",
  {
    id: text().primaryKey(),
    /** A person, or for what is shared its audience: a guild, or `project`. No foreign key, since it is not always a person. */
    ownerId: text("owner_id").notNull(),
    /** Who wrote what is shared; null when the owner is a person, who said it himself. */
    authorId: text("author_id"),
    /** Who may know it: `private:discord:1`, `channel:…`, `guild:…`, `project`, or `everywhere` for wherever its owner asks. */
    audience: text().notNull(),
    /** Where it was said: so that its owner can give it back that audience. */
    saidTo: text("said_to").notNull(),
    kind: text().$type<FactKind>().notNull(),
    text: text().notNull(),
    subject: text().notNull().default(""),
    /** Of the words alone: the same learnt twice at once is one row. */
    hash: text().notNull(),
    isKey: boolean("is_key").notNull().default(false),
    isPinned: boolean("is_pinned").notNull().default(false),
    confidence: doublePrecision().notNull(),
    origin: text().$type<FactOrigin>().notNull(),
    validFrom: at("valid_from").notNull(),
    validTo: at("valid_to"),
    supersededBy: text("superseded_by"),
    createdAt: at("created_at").notNull().defaultNow(),
    usedAt: at("used_at"),
    uses: integer().notNull().default(0),
    /** FSRS: days until it is remembered with 90 %, and how hard it is to keep. */
    stability: doublePrecision().notNull(),
    difficulty: doublePrecision().notNull(),
    reviewedAt: at("reviewed_at").notNull().defaultNow(),
    /** Messages that prove it. No foreign keys: an array has none. */
    sources: text().array().notNull().default([]),
    conversationId: text("conversation_id"),
    /** Of unit length, as 4-byte floats, and who made it; null while nobody has. */
    vector: bytes(),
    vectorBy: text("vector_by"),
    /** In its grace period: used and shown no more, and soon gone. */
    forgottenAt: at("forgotten_at"),
  },
  (table) => [
    uniqueIndex("memories_same")
      .on(table.ownerId, table.audience, table.hash)
      .where(sql`${table.validTo} is null and ${table.forgottenAt} is null`),
    index("memories_owner").on(table.ownerId, table.createdAt),
    index("memories_held")
      .on(table.ownerId)
      .where(sql`${table.validTo} is null and ${table.forgottenAt} is null`),
    index("memories_audience").on(table.audience),
    index("memories_forgotten")
      .on(table.forgottenAt)
      .where(sql`${table.forgottenAt} is not null`),
    index("memories_sources").using("gin", table.sources),
  ],
);

/** What a person wants of Clara's memory. */
export const memoryPeople = pgTable("memory_people", {
  /** No foreign key: one may want to be left alone before one has said a word. */
  personId: text("person_id").primaryKey(),
  mode: text().$type<MemoryMode>().notNull().default("on"),
  /** Words that no fact of this person may hold. */
  never: text().array().notNull().default([]),
  /** What was said before is not used: the person asked to be forgotten then. */
  forgottenAt: at("forgotten_at"),
});

/** Messages that proved what was forgotten since: neither learnt from nor quoted again. Ids, no words. */
export const memoryUnlearnt = pgTable(
  "memory_unlearnt",
  {
    personId: text("person_id").notNull(),
    messageId: text("message_id").notNull(),
    at: at("at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.personId, table.messageId] }),
    index("memory_unlearnt_message").on(table.messageId),
  ],
);

/** Grows with each change to the facts of one shelf, so that other processes see that theirs is old. */
export const memoryShelves = pgTable("memory_shelves", {
  key: text().primaryKey(),
  version: bigint({ mode: "number" }).notNull().default(1),
});

/** What a turn wrote into the memory of whoever asked: told below its answer, and taken back with one click. Ids, no words. */
export const memoryReceipts = pgTable(
  "memory_receipts",
  {
    turnId: text("turn_id")
      .primaryKey()
      .references(() => turns.id),
    personId: text("person_id")
      .notNull()
      .references(() => people.id),
    added: text().array().notNull(),
    /** What holds no longer since. */
    ended: text().array().notNull(),
    /** What took its place. */
    endedBy: text("ended_by").array().notNull(),
    /** Not kept, since there was a secret in it. */
    withheld: integer().notNull(),
    at: at("at").notNull().defaultNow(),
    /** When its answer last told of it; null while it has to. */
    shownAt: at("shown_at"),
    undoneAt: at("undone_at"),
  },
  (table) => [
    index("memory_receipts_due")
      .on(table.at)
      .where(sql`${table.shownAt} is null`),
  ],
);

/** What went into the answer of a turn. Ids, no words. */
export const memoryRecalls = pgTable("memory_recalls", {
  turnId: text("turn_id")
    .primaryKey()
    .references(() => turns.id),
  personId: text("person_id")
    .notNull()
    .references(() => people.id),
  state: text().$type<RecallState>().notNull(),
  facts: text().array().notNull(),
  messages: text().array().notNull(),
  at: at("at").notNull().defaultNow(),
});

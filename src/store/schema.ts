import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { Attachment, Conversation, TranscriptMessage } from "../core/message.ts";
import type { JsonObject, Tier } from "../core/model.ts";
import type { Platform } from "../core/principal.ts";
import type { StepDecision } from "../core/approvals.ts";
import type { Taint } from "../core/taint.ts";
import type { ToolEffect } from "../core/tool.ts";
import type {
  CancelReason,
  OutboxCard,
  KeptFile,
  OutboxFile,
  OutboxState,
  Step,
  TurnOutcome,
  TurnState,
} from "../core/turn.ts";
import type { Answering, ChannelMode } from "../core/stores.ts";
import type { StoredPrincipal } from "./principals.ts";

const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** Everybody who ever spoke where Clara listens, by platform and id. */
export const people = pgTable("people", {
  id: text().primaryKey(),
  platform: text().$type<Platform>().notNull(),
  /** As last seen; for reading only. */
  displayName: text("display_name").notNull(),
  isBot: boolean("is_bot").notNull().default(false),
  firstSeenAt: at("first_seen_at").notNull().defaultNow(),
});

export const conversations = pgTable(
  "conversations",
  {
    id: text().primaryKey(),
    platform: text().$type<Platform>().notNull(),
    kind: text().$type<Conversation["kind"]>().notNull(),
    guildId: text("guild_id"),
    channelId: text("channel_id").notNull(),
    parentId: text("parent_id"),
    title: text().notNull(),
    audience: text().notNull(),
    /** The newest message taken or heard. */
    watermark: text(),
    watermarkAt: at("watermark_at"),
    /** Messages since the last summary. */
    unfolded: integer().notNull().default(0),
  },
  (table) => [index("conversations_platform").on(table.platform, table.watermarkAt)],
);

/** The transcript: what people said and what Clara answered. Never dropped; deleting a message blanks its words. */
export const messages = pgTable(
  "messages",
  {
    id: text().primaryKey(),
    conversationId: text("conversation_id")
      .notNull()
      .references(() => conversations.id),
    /** Who may see this row. */
    audience: text().notNull(),
    /** The speaker; for Clara's own lines the person she answered. */
    authorId: text("author_id")
      .notNull()
      .references(() => people.id),
    /** As it was when the message was written. */
    authorName: text("author_name").notNull(),
    role: text().$type<TranscriptMessage["role"]>().notNull(),
    text: text().notNull(),
    /** No foreign key: what it replies to may be older than Clara. */
    replyTo: text("reply_to"),
    attachments: jsonb().$type<readonly Attachment[]>().notNull().default([]),
    sentAt: at("sent_at").notNull(),
    editedAt: at("edited_at"),
    deletedAt: at("deleted_at"),
  },
  (table) => [
    index("messages_conversation").on(table.conversationId, table.sentAt, table.id),
    index("messages_author").on(table.authorId, table.sentAt),
    // Clara's answers by their question.
    index("messages_answer")
      .on(table.replyTo)
      .where(sql`${table.role} = 'clara'`),
  ],
);

/** The inbox: a row for each message that gets an answer, from the moment it is accepted. See core/turn.ts for the states. */
export const turns = pgTable(
  "turns",
  {
    id: text().primaryKey(),
    /** Their order within a conversation. */
    seq: bigserial({ mode: "number" }).notNull(),
    conversationId: text("conversation_id")
      .notNull()
      .references(() => conversations.id),
    audience: text().notNull(),
    /** Who asked. */
    personId: text("person_id")
      .notNull()
      .references(() => people.id),
    principal: jsonb().$type<StoredPrincipal>().notNull(),
    guildId: text("guild_id"),
    triggerId: text("trigger_id")
      .notNull()
      .references(() => messages.id),
    trigger: text().$type<Answering["trigger"]>().notNull(),
    tier: text().$type<Tier>(),
    absorbed: text().array().notNull().default([]),
    /** The turn that answers this one's message with its own. */
    mergedInto: text("merged_into"),
    revision: integer().notNull().default(0),
    generation: integer().notNull().default(0),
    state: text().$type<TurnState>().notNull().default("queued"),
    cancelReason: text("cancel_reason").$type<CancelReason>(),
    /** What is planned, from the plan on; what happened, at the end. */
    outcome: jsonb().$type<TurnOutcome>(),
    jobId: uuid("job_id").notNull(),
    /** The newest attempt of that job that claimed it. */
    attempt: integer().notNull().default(0),
    /** Who runs it: the number of a lock that this worker's session holds while it lives. */
    worker: integer(),
    queuedAt: at("queued_at").notNull().defaultNow(),
    startedAt: at("started_at"),
    finishedAt: at("finished_at"),
  },
  (table) => [
    index("turns_conversation").on(table.conversationId, table.seq),
    index("turns_trigger").on(table.triggerId),
    index("turns_open")
      .on(table.conversationId, table.seq)
      .where(sql`${table.state} in ('queued', 'running', 'delivering')`),
  ],
);

/** What was done within a turn: the intent before, the result after. */
export const steps = pgTable(
  "steps",
  {
    turnId: text("turn_id")
      .notNull()
      .references(() => turns.id),
    revision: integer().notNull(),
    seq: integer().notNull(),
    generation: integer().notNull(),
    kind: text().$type<Step["kind"]>().notNull(),
    name: text().notNull(),
    effect: text().$type<ToolEffect>().notNull(),
    input: jsonb().$type<JsonObject>().notNull(),
    result: jsonb().$type<JsonObject>(),
    /** Of a tool call; see core/approvals.ts. These three outlive the forgetting of words. */
    decision: text().$type<StepDecision>(),
    argsHash: text("args_hash"),
    taints: jsonb().$type<readonly Taint[]>(),
    startedAt: at("started_at").notNull().defaultNow(),
    endedAt: at("ended_at"),
  },
  (table) => [primaryKey({ columns: [table.turnId, table.revision, table.seq] })],
);

/** The messages of an answer, planned before they are sent. See core/turn.ts for the states. */
export const outbox = pgTable(
  "outbox",
  {
    turnId: text("turn_id")
      .notNull()
      .references(() => turns.id),
    part: integer().notNull(),
    nonce: text().notNull(),
    content: text().notNull(),
    file: jsonb().$type<OutboxFile>(),
    card: jsonb().$type<OutboxCard>(),
    files: jsonb().$type<readonly KeptFile[]>(),
    state: text().$type<OutboxState>().notNull(),
    /** The platform's own id of the message. */
    messageId: text("message_id"),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.turnId, table.part] }),
    uniqueIndex("outbox_nonce").on(table.nonce),
    index("outbox_message").on(table.messageId),
  ],
);

/** What every model call cost. */
export const usage = pgTable(
  "usage",
  {
    id: bigserial({ mode: "number" }).primaryKey(),
    /** What it was for: "turn", "summary", "tier". */
    purpose: text().notNull(),
    turnId: text("turn_id").references(() => turns.id),
    /** Who is billed. */
    personId: text("person_id")
      .notNull()
      .references(() => people.id),
    conversationId: text("conversation_id")
      .notNull()
      .references(() => conversations.id),
    guildId: text("guild_id"),
    provider: text().notNull(),
    model: text().notNull(),
    inputTokens: integer("input_tokens").notNull(),
    cachedInputTokens: integer("cached_input_tokens").notNull(),
    cacheWriteTokens: integer("cache_write_tokens").notNull(),
    outputTokens: integer("output_tokens").notNull(),
    /** US dollars; null when the price is not known. */
    costUsd: doublePrecision("cost_usd"),
    /** What budgets count: the cost, or the estimate where the price is not known. */
    countedUsd: doublePrecision("counted_usd").notNull(),
    estimated: boolean().notNull(),
    at: at("at").notNull().defaultNow(),
  },
  (table) => [
    index("usage_at").on(table.at),
    index("usage_person").on(table.personId, table.at),
    index("usage_conversation").on(table.conversationId, table.at),
    index("usage_guild").on(table.guildId, table.at),
  ],
);

/** The estimate of a model call that is under way: a turn makes one at a time. */
export const reservations = pgTable("reservations", {
  turnId: text("turn_id")
    .primaryKey()
    .references(() => turns.id),
  personId: text("person_id")
    .notNull()
    .references(() => people.id),
  conversationId: text("conversation_id")
    .notNull()
    .references(() => conversations.id),
  guildId: text("guild_id"),
  usd: doublePrecision().notNull(),
  at: at("at").notNull().defaultNow(),
});

/** A view of a conversation's older lines, up to and with one message. */
export const summaries = pgTable("summaries", {
  conversationId: text("conversation_id")
    .primaryKey()
    .references(() => conversations.id),
  audience: text().notNull(),
  text: text().notNull(),
  upTo: text("up_to").notNull(),
  upToAt: at("up_to_at").notNull(),
  madeAt: at("made_at").notNull().defaultNow(),
});

export const channelSettings = pgTable("channel_settings", {
  /** The platform's own channel id. */
  channelId: text("channel_id").primaryKey(),
  guildId: text("guild_id"),
  mode: text().$type<ChannelMode>().notNull(),
  setBy: text("set_by").notNull(),
  setAt: at("set_at").notNull().defaultNow(),
});

/** Why a message got no answer: ids and a reason, never words. No foreign keys: what was ignored is not stored. */
export const gateDecisions = pgTable(
  "gate_decisions",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    messageId: text("message_id").notNull(),
    conversationId: text("conversation_id").notNull(),
    guildId: text("guild_id"),
    authorId: text("author_id").notNull(),
    reason: text().notNull(),
    at: at("at").notNull(),
  },
  (table) => [
    index("gate_decisions_message").on(table.messageId),
    index("gate_decisions_at").on(table.at),
  ],
);

/** Small things the program remembers about itself, such as the fingerprint of its commands. */
export const notes = pgTable("notes", {
  key: text().primaryKey(),
  value: text().notNull(),
});

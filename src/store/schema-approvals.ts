import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { bigint, primaryKey } from "drizzle-orm/pg-core";
import type { ApprovalChoice, ApprovalState, Clicker, Verdict } from "../core/approvals.ts";
import type { JsonObject } from "../core/model.ts";
import type { Taint } from "../core/taint.ts";
import type { ToolEffect } from "../core/tool.ts";
import { conversations, people, turns } from "./schema.ts";

const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** Calls that wait for a person's click, and what became of them. */
export const approvals = pgTable(
  "approvals",
  {
    id: text().primaryKey(),
    turnId: text("turn_id")
      .notNull()
      .references(() => turns.id),
    /** Of the turn when it asked: an edited question voids it. */
    revision: integer().notNull(),
    audience: text().notNull(),
    conversationId: text("conversation_id")
      .notNull()
      .references(() => conversations.id),
    guildId: text("guild_id"),
    /** Who asked. */
    personId: text("person_id")
      .notNull()
      .references(() => people.id),
    tool: text().notNull(),
    effect: text().$type<ToolEffect>().notNull(),
    input: jsonb().$type<JsonObject>().notNull(),
    argsHash: text("args_hash").notNull(),
    what: text().notNull(),
    target: text().notNull(),
    reversible: boolean().notNull(),
    clicker: text().$type<Clicker>().notNull(),
    taints: jsonb().$type<readonly Taint[]>().notNull(),
    state: text().$type<ApprovalState>().notNull().default("open"),
    choice: text().$type<ApprovalChoice>(),
    decidedBy: text("decided_by"),
    decidedAt: at("decided_at"),
    /** The turn that makes the call. */
    followUp: text("follow_up"),
    createdAt: at("created_at").notNull().defaultNow(),
    expiresAt: at("expires_at").notNull(),
  },
  (table) => [
    index("approvals_turn").on(table.turnId),
    uniqueIndex("approvals_follow_up").on(table.followUp),
    index("approvals_created").on(table.createdAt),
  ],
);

/** What a person agreed to for more than one call. */
export const toolGrants = pgTable(
  "tool_grants",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    personId: text("person_id")
      .notNull()
      .references(() => people.id),
    audience: text().notNull(),
    tool: text().notNull(),
    /** The one conversation where it holds; null for the arguments. */
    conversationId: text("conversation_id"),
    /** The very arguments; null for any. */
    argsHash: text("args_hash"),
    at: at("at").notNull().defaultNow(),
  },
  (table) => [index("tool_grants_person").on(table.personId, table.tool)],
);

/** allow, ask or deny, for a guild, a channel or a person. */
export const toolRules = pgTable(
  "tool_rules",
  {
    /** `guild:discord:1`, `channel:discord:channel:2` or `person:discord:3`. */
    holder: text().notNull(),
    tool: text().notNull(),
    verdict: text().$type<Verdict>().notNull(),
    clicker: text().$type<Clicker>().notNull(),
    setBy: text("set_by").notNull(),
    setAt: at("set_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.holder, table.tool] })],
);

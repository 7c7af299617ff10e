import { index, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import type { McpAnswer, McpQuestion } from "../core/mcp-questions.ts";

/** What MCP servers ask of people whose calls they work on, until it is answered. */
export const mcpQuestions = pgTable(
  "mcp_questions",
  {
    id: text().primaryKey(),
    /** Who was asked, and is the only one who may answer: `discord:1`. */
    person: text().notNull(),
    /** Where it was asked: it is seen and answered there, and nowhere else. */
    audience: text().notNull(),
    question: jsonb().$type<McpQuestion>().notNull(),
    answer: jsonb().$type<McpAnswer>(),
    expiresAt: timestamp("expires_at", { withTimezone: true, mode: "date" }).notNull(),
  },
  (table) => [index("mcp_questions_person").on(table.person)],
);

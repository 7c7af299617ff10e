import { sql } from "drizzle-orm/sql";
import type { McpAnswer, McpQuestion, McpQuestions } from "../core/mcp-questions.ts";
import { audienceKey, readableKeys, type Scope } from "../core/principal.ts";
import { array, rows, type Db } from "./database.ts";
import { toJson } from "./json.ts";
import { toConversation, type ConversationRow } from "./watermarks.ts";

/** Questions of one person that wait at the same time. */
export const MAX_WAITING = 5;

export interface StoredMcpQuestions extends McpQuestions {
  /** Removes what nobody waits for any more. */
  readonly tidy: () => Promise<void>;
}

export function createMcpQuestions(db: Db): StoredMcpQuestions {
  return {
    async ask(scope, { id, question, expiresAt }) {
      readableKeys(scope);
      const person = scope.principal.userId;
      const asked = await rows(
        db,
        sql`
          insert into mcp_questions (id, person, audience, question, expires_at)
          select ${id}, ${person}, ${audienceKey(scope.audience)}, ${toJson(question)}::jsonb, ${expiresAt.toISOString()}::timestamptz
          where (
            select count(*) from mcp_questions
            where person = ${person} and answer is null and expires_at > now()
          ) < ${MAX_WAITING}
          returning id`,
      );
      return asked.length > 0;
    },

    async look(scope, id, now) {
      const [row] = await rows<{ question: McpQuestion }>(
        db,
        sql`
          select question from mcp_questions
          where id = ${id} and ${isHis(scope)} and answer is null and expires_at > ${now.toISOString()}`,
      );
      return row?.question ?? null;
    },

    async answer(scope, id, answer, now) {
      const answered = await rows(
        db,
        sql`
          update mcp_questions set answer = ${toJson(answer)}::jsonb
          where id = ${id} and ${isHis(scope)} and answer is null and expires_at > ${now.toISOString()}
          returning id`,
      );
      return answered.length > 0;
    },

    async heard(scope, id) {
      const [row] = await rows<{ answer: McpAnswer | null }>(
        db,
        sql`
          select answer from mcp_questions
          where id = ${id} and ${isHis(scope)}`,
      );
      return row?.answer ?? null;
    },

    async forget(scope, id) {
      await rows(db, sql`delete from mcp_questions where id = ${id} and ${isHis(scope)}`);
    },

    async placeOf(scope, id) {
      const [row] = await rows<ConversationRow>(
        db,
        sql`select * from conversations where id = ${id} and audience = any(${array(readableKeys(scope))})`,
      );
      return row ? toConversation(row) : null;
    },

    async tidy() {
      await rows(db, sql`delete from mcp_questions where expires_at < now()`);
    },
  };
}

/** His own, in the place where it was asked. */
const isHis = (scope: Scope) =>
  sql`person = ${scope.principal.userId} and audience = any(${array(readableKeys(scope))})`;

import { sql, type SQL } from "drizzle-orm/sql";
import { messageId } from "../core/ids.ts";
import { episodeShelf, EVERYWHERE, factShelves, PROJECT } from "../core/memory.ts";
import {
  type RecallSource,
  type RecallState,
  type ShelvedFact,
  type ShelvedMessage,
} from "../core/recall.ts";
import type { TranscriptMessage } from "../core/message.ts";
import { readableKeys, ScopeError, type Scope } from "../core/principal.ts";
import { strengthen } from "../memory/strength.ts";
import { array, rows, type Database, type Db } from "./database.ts";
import { toJson } from "./json.ts";
import { HOLDS, isUsable, OWNER_WANTS_IT, selectFacts } from "./memory-rows.ts";

/** Of one shelf; of more, the newest. */
const MAX_SHELVED = 20_000;
/** A use counts for the strength once in so long. */
const REVIEW_EVERY = sql`interval '20 hours'`;

export interface RecallSourceDeps {
  readonly database: Database;
  readonly now: () => Date;
}

export function createRecallSource({ database, now }: RecallSourceDeps): RecallSource {
  const { db } = database;
  return {
    async state(scope) {
      const keys = [...factShelves(scope), episodeShelf(scope)];
      const found = await rows<{ key: string; version: string | null; isOff: boolean }>(
        db,
        sql`
          select wanted.key, version, exists (
            select from memory_people where person_id = ${scope.principal.userId} and mode = 'off') as "isOff"
          from unnest(${array(keys)}) as wanted(key) left join memory_shelves on memory_shelves.key = wanted.key`,
      );
      return {
        isOff: found.some(({ isOff }) => isOff),
        versions: new Map(found.map(({ key, version }) => [key, Number(version ?? 0)])),
      };
    },

    async factShelf(scope, key, embedder) {
      if (!factShelves(scope).includes(key))
        throw new ScopeError("This shelf may not be used in this scope");
      const found = await rows<Omit<ShelvedFact, "vector"> & { vector: Uint8Array | null }>(
        db,
        sql`
          select id, owner_id as "ownerId", kind, text, subject, is_key as "isKey", valid_from as at, stability,
            reviewed_at as "reviewedAt", case when vector_by = ${embedder} then vector end as vector, (is_pinned or kind in ('preference', 'instruction')) as "isAlwaysOn"
          from memories
          where ${onShelf(scope, key)} and ${isUsable(scope)} and ${HOLDS} and ${OWNER_WANTS_IT}
          order by created_at desc limit ${MAX_SHELVED}`,
      );
      return found.map((row) => ({ ...row, vector: row.vector && toFloats(row.vector) }));
    },

    async messageShelf(scope, since) {
      // The newest first, so that of too many the oldest are left out.
      const found = await rows<ShelvedMessage>(
        db,
        sql`
          select * from (
            select id, conversation_id as "conversationId", role, author_id as "authorId", author_name as "authorName",
              text, sent_at as "sentAt"
            from messages
            where ${isReadable(scope)} and text <> '' and ${SAID_TO_BE_USED}
              ${since === null ? sql`` : sql`and sent_at > ${since}`}
            order by sent_at desc limit ${MAX_SHELVED}
          ) as newest order by "conversationId", "sentAt", id`,
      );
      return found;
    },

    async facts(scope, ids) {
      if (ids.length === 0) return [];
      return selectFacts(
        db,
        sql`
          where memories.id = any(${array(ids)}) and ${isUsable(scope)} and ${HOLDS} and ${OWNER_WANTS_IT}`,
      );
    },

    async messages(scope, ids) {
      if (ids.length === 0) return [];
      const found = await rows<TranscriptMessage & { readonly id: string }>(
        db,
        sql`
          select id, role, author_id as "authorId", author_name as "authorName", text, reply_to as "replyTo",
            attachments, sent_at as "sentAt"
          from messages
          where id = any(${array(ids)}) and ${isReadable(scope)} and text <> '' and ${SAID_TO_BE_USED}
          order by sent_at, id`,
      );
      return found.map((row) => ({ ...row, id: messageId(row.id) }));
    },

    async noted(scope, turnId) {
      const [found] = await rows<{ state: RecallState; facts: string[]; messages: string[] }>(
        db,
        sql`
          select memory_recalls.state, facts, messages
          from memory_recalls join turns on turns.id = memory_recalls.turn_id
          where turn_id = ${turnId} and turns.person_id = ${scope.principal.userId}
            and turns.audience = any(${array(readableKeys(scope))})`,
      );
      return found ? { ...found, messages: found.messages.map(messageId) } : null;
    },

    async note(scope, turnId, { state, facts, messages }) {
      readableKeys(scope);
      const noted = await rows(
        db,
        sql`
          insert into memory_recalls (turn_id, person_id, state, facts, messages)
          select id, person_id, ${state}, ${array(facts)}, ${array(messages)} from turns
          where id = ${turnId} and person_id = ${scope.principal.userId} and audience = any(${array(readableKeys(scope))})
          on conflict (turn_id) do update set
            state = excluded.state, facts = excluded.facts, messages = excluded.messages, at = now()
          returning turn_id`,
      );
      if (noted.length > 0) await strengthenUsed(db, scope, facts, now());
    },
  };
}

/** A copy: what the driver gives is a view into a larger piece of memory, and may begin anywhere. */
const toFloats = (bytes: Uint8Array): Float32Array =>
  new Float32Array(Uint8Array.from(bytes).buffer);

/** The shelf's own rows; `isUsable` says whether the scope may have them. */
function onShelf(scope: Scope, key: string): SQL {
  if (key === PROJECT) return sql`audience = ${PROJECT}`;
  if (scope.audience.kind === "private") return sql`owner_id = ${scope.principal.userId}`;
  return key.startsWith(`${EVERYWHERE}:`)
    ? sql`audience = ${EVERYWHERE} and owner_id = ${scope.principal.userId}`
    : sql`audience = ${key}`;
}

const isReadable = (scope: Scope): SQL => {
  const keys = array(readableKeys(scope));
  return sql`
    conversation_id in (select id from conversations where audience = any(${keys}))
    and messages.audience = any(${keys})`;
};

/** Not what its speaker wants forgotten, and not what proved a fact that was. */
export const SAID_TO_BE_USED = sql`
  not exists (
    select from memory_people as wish where wish.person_id = messages.author_id
      and (wish.mode = 'off' or wish.forgotten_at > messages.sent_at))
  and not exists (select from memory_unlearnt where memory_unlearnt.message_id = messages.id)`;

async function strengthenUsed(
  db: Db,
  scope: Scope,
  ids: readonly string[],
  now: Date,
): Promise<void> {
  if (ids.length === 0) return;
  const due = await rows<{ id: string; stability: number; difficulty: number; reviewedAt: Date }>(
    db,
    sql`
      update memories set uses = uses + 1, used_at = now()
      where id = any(${array(ids)}) and ${isUsable(scope)} and ${HOLDS}
      returning id, stability, difficulty, reviewed_at as "reviewedAt"`,
  );
  const stronger = due.map(({ id, ...strength }) => ({ id, ...strengthen(strength, now) }));
  await rows(
    db,
    sql`
      update memories set stability = given.stability, difficulty = given.difficulty, reviewed_at = now()
      from jsonb_to_recordset(${toJson(stronger)}::jsonb) as given(id text, stability float8, difficulty float8)
      where memories.id = given.id and memories.reviewed_at < now() - ${REVIEW_EVERY}`,
  );
}

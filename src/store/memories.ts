import { sql, type SQL } from "drizzle-orm/sql";
import { EVERYWHERE, type FactChange, type MemoryStore } from "../core/memory.ts";
import { readableKeys, type Scope } from "../core/principal.ts";
import { touches } from "../memory/sameness.ts";
import { array, rows } from "./database.ts";
import { toText } from "./json.ts";
import { createMemoryForgetting, GRACE_HOURS } from "./memory-forget.ts";
import { createLearning, tidy, type LearnDeps } from "./memory-learn.ts";
import {
  HOLDS,
  IS_KEPT,
  isOwn,
  isUsable,
  lockPerson,
  markShelves,
  OWNER_WANTS_IT,
  selectFacts,
  type Changed,
} from "./memory-rows.ts";

const MAX_NEVER = 50;
const MAX_NEVER_CHARS = 80;
const MAX_LISTED = 100;

/** A person's facts in that person's hands. */
export function createMemories(deps: LearnDeps): MemoryStore {
  const { db, transact } = deps.database;
  const find = async (scope: Scope, id: string) => {
    const [fact] = await selectFacts(
      db,
      sql`where memories.id = ${id} and ${isOwn(scope)} and ${IS_KEPT}`,
    );
    return fact ?? null;
  };
  return {
    ...createMemoryForgetting(deps.database),
    ...createLearning(deps),
    find,

    async list(scope, { words, withPast, offset, limit }) {
      const matching = sql`
        ${isOwn(scope)} and ${withPast ? IS_KEPT : HOLDS} ${words === null ? sql`` : holdsWords(words)}`;
      const [[count], facts] = await Promise.all([
        rows<{ total: number }>(
          db,
          sql`select count(*)::int as total from memories where ${matching}`,
        ),
        selectFacts(
          db,
          sql`
            where ${matching} order by memories.is_pinned desc, memories.created_at desc, memories.id
            limit ${Math.min(limit, MAX_LISTED)} offset ${offset}`,
        ),
      ]);
      return { facts, total: count?.total ?? 0 };
    },

    async ofPerson(scope, person, limit) {
      const usable = sql`memories.owner_id = ${person} and ${isUsable(scope)} and ${HOLDS} and ${OWNER_WANTS_IT}`;
      const [[count], facts] = await Promise.all([
        rows<{ total: number }>(
          db,
          sql`select count(*)::int as total from memories where ${usable}`,
        ),
        selectFacts(
          db,
          sql`where ${usable} order by memories.created_at desc, memories.id limit ${Math.min(limit, MAX_LISTED)}`,
        ),
      ]);
      return { facts, total: count?.total ?? 0 };
    },

    async change(scope, id, change, turnId) {
      const fact = await find(scope, id);
      if (!fact) return null;
      if (change.text !== undefined && tidy(change.text) !== fact.text) {
        const anew = {
          ...fact,
          kind: change.kind ?? fact.kind,
          text: change.text,
          origin: "told",
          confidence: 1,
          validFrom: deps.now(),
          replaces: [id],
          sameAs: null,
        } as const;
        const [learned] = await createLearning(deps).learn(scope, [anew], turnId);
        if (!learned || learned.kind === "refused") return null;
        const { text: _, ...rest } = change;
        await keepAudience(learned.id, fact.audience);
        return (await apply(scope, learned.id, rest)) ? find(scope, learned.id) : null;
      }
      return (await apply(scope, id, change)) ? find(scope, id) : null;
    },

    async settings(scope) {
      readableKeys(scope);
      const [person] = await rows<{
        mode: "on" | "paused" | "off";
        never: string[];
        goneAt: Date | null;
      }>(
        db,
        sql`
          select mode, never, case when exists (
              select from memories where owner_id = person_id and memories.forgotten_at = memory_people.forgotten_at)
            then forgotten_at + make_interval(hours => ${GRACE_HOURS}) end as "goneAt"
          from memory_people where person_id = ${scope.principal.userId}`,
      );
      return {
        mode: person?.mode ?? "on",
        never: person?.never ?? [],
        forgottenForGoodAt: person?.goneAt ?? null,
      };
    },

    async setMode(scope, mode) {
      readableKeys(scope);
      await transact(async (transaction) => {
        await lockPerson(transaction.db, scope);
        const { userId } = scope.principal;
        await rows(
          transaction.db,
          sql`update memory_people set mode = ${mode} where person_id = ${userId}`,
        );
        await markShelves(
          transaction.db,
          await rows(
            transaction.db,
            sql`select distinct owner_id, audience from memories where owner_id = ${userId}`,
          ),
        );
      });
    },

    async addNever(scope, words) {
      readableKeys(scope);
      const phrase = tidy(words, MAX_NEVER_CHARS).toLowerCase();
      if (phrase === "") return false;
      return transact(async (transaction) => {
        const { never } = await lockPerson(transaction.db, scope);
        if (never.includes(phrase) || never.length >= MAX_NEVER) return false;
        await setNever(transaction.db, scope, [...never, phrase]);
        return true;
      });
    },

    async removeNever(scope, words) {
      readableKeys(scope);
      return transact(async (transaction) => {
        const { never } = await lockPerson(transaction.db, scope);
        const left = never.filter(
          (phrase) => phrase !== tidy(words, MAX_NEVER_CHARS).toLowerCase(),
        );
        if (left.length === never.length) return false;
        await setNever(transaction.db, scope, left);
        return true;
      });
    },
  };

  async function apply(scope: Scope, id: string, change: FactChange): Promise<boolean> {
    const audience =
      change.reach === undefined ? sql`memories.audience` : audienceFor(scope, change.reach);
    return transact(async (transaction) => {
      const { never } = await lockPerson(transaction.db, scope);
      const before = await rows<Changed & { text: string }>(
        transaction.db,
        sql`select id, owner_id, audience, text from memories where id = ${id} and ${isOwn(scope)} and ${IS_KEPT}`,
      );
      if (before.some(({ text }) => touches(text, never))) return false;
      const after = await rows<Changed>(
        transaction.db,
        sql`
          update memories set
            kind = coalesce(${change.kind ?? null}, kind),
            is_pinned = coalesce(${change.isPinned ?? null}, is_pinned),
            is_key = coalesce(${change.isKey ?? null}, is_key),
            audience = ${audience}
          where id = ${id} and ${isOwn(scope)} and ${IS_KEPT} and not ${hasTwinIn(audience)}
          returning id, owner_id, audience`,
      );
      await markShelves(transaction.db, [...before, ...after]);
      return after.length > 0;
    });
  }

  /** New words reach those whom the old ones reached. */
  async function keepAudience(id: string, audience: string): Promise<void> {
    await rows(
      db,
      sql`
        update memories set audience = ${audience} where id = ${id} and not ${hasTwinIn(sql`${audience}`)}`,
    );
  }
}

const setNever = (db: Parameters<typeof rows>[0], { principal }: Scope, never: readonly string[]) =>
  rows(
    db,
    sql`update memory_people set never = ${array(never)} where person_id = ${principal.userId}`,
  );

const holdsWords = (words: string): SQL =>
  sql`and strpos(lower(memories.text || ' ' || memories.subject || ' ' || memories.kind), lower(${toText(words)})) > 0`;

/** The same words of the same person, for these readers. */
const hasTwinIn = (audience: SQL): SQL => sql`exists (
  select from memories as twin where twin.owner_id = memories.owner_id and twin.id <> memories.id
    and twin.audience = ${audience} and twin.hash = memories.hash and twin.valid_to is null and twin.forgotten_at is null)`;

/** `here` is where it was said. A guild's readers get what was said in that guild, and nothing else. */
function audienceFor(scope: Scope, reach: NonNullable<FactChange["reach"]>): SQL {
  switch (reach) {
    case "private":
      return sql`${`private:${scope.principal.userId}`}`;
    case "everywhere":
      return sql`${EVERYWHERE}`;
    case "here":
      return sql`memories.said_to`;
    case "guild":
      return sql`coalesce((
        select 'guild:' || place.guild_id from conversations as place
        where place.id = memories.conversation_id and place.guild_id is not null and memories.said_to not like 'private:%'), memories.audience)`;
  }
}

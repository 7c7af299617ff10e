import { sql } from "drizzle-orm/sql";
import type { TurnId } from "../core/ids.ts";
import type { Learned, MemoryStore, NewFact, Refused } from "../core/memory.ts";
import { audienceKey, type Scope } from "../core/principal.ts";
import type { SecretCheck } from "../memory/told-secret.ts";
import { hashOf, touches } from "../memory/sameness.ts";
import { newStrength } from "../memory/strength.ts";
import { array, rows, type Database, type Db } from "./database.ts";
import { toText } from "./json.ts";
import { keepReceipt } from "./memory-receipts.ts";
import { HOLDS, isOwn, lockPerson, markShelves, type Changed, type Person } from "./memory-rows.ts";

const MAX_FACT_CHARS = 500;
const MAX_SUBJECT_CHARS = 80;
/** Of one person. */
const MAX_FACTS = 10_000;
/** Messages that prove one fact; of more, the newest. */
const MAX_SOURCES = 8;

export interface LearnDeps {
  readonly database: Database;
  /** A new UUID. */
  readonly createId: () => string;
  readonly now: () => Date;
  /** True for words that tell a password or a key: they are no fact. */
  readonly holdsSecret: SecretCheck;
}

export function createLearning(deps: LearnDeps): Pick<MemoryStore, "learn" | "preview"> {
  const learnAll = async (db: Db, scope: Scope, facts: readonly NewFact[], turnId?: TurnId) => {
    const person = await lockPerson(db, scope);
    await keepPerson(db, scope);
    const learning = { ...deps, db, person, changed: [], added: [], ended: [], endedBy: [] };
    const learned: Learned[] = [];
    for (const fact of facts) learned.push(await learn(learning, scope, fact));
    await markShelves(db, learning.changed);
    const withheld = secretsIn(learned);
    if (turnId) await keepReceipt(db, scope, turnId, { ...learning, withheld });
    return learned;
  };
  return {
    learn: (scope, facts, turnId) =>
      deps.database.transact(({ db }) => learnAll(db, scope, facts, turnId)),

    // The very same way, and all of it taken back: so it cannot promise what learning would not keep.
    async preview(scope, facts) {
      try {
        return await deps.database.transact(async ({ db }) => {
          throw new Previewed(await learnAll(db, scope, facts));
        });
      } catch (error) {
        if (error instanceof Previewed) return error.learned;
        throw error;
      }
    },
  };
}

/** Ends a transaction that only tried. */
class Previewed extends Error {
  readonly learned: readonly Learned[];
  constructor(learned: readonly Learned[]) {
    super("Only tried");
    this.learned = learned;
  }
}

const secretsIn = (learned: readonly Learned[]): number =>
  learned.filter((each) => each.kind === "refused" && each.because === "secret").length;

/** Whoever tells something by a command may never have spoken. */
export const keepPerson = (db: Db, { principal: { userId, platform, displayName } }: Scope) =>
  rows(
    db,
    sql`
      insert into people (id, platform, display_name) values (${userId}, ${platform}, ${displayName})
      on conflict (id) do nothing`,
  );

interface Learning extends LearnDeps {
  readonly db: Db;
  readonly person: Person;
  readonly changed: Changed[];
  /** Ids of facts that are new, and of those that hold no longer. */
  readonly added: string[];
  readonly ended: string[];
  /** What took their place. */
  readonly endedBy: string[];
}

async function learn(deps: Learning, scope: Scope, given: NewFact): Promise<Learned> {
  const fact = {
    ...given,
    text: tidy(given.text),
    subject: tidy(given.subject, MAX_SUBJECT_CHARS),
  };
  const because = await refusal(deps, scope, fact);
  if (because !== null) return { kind: "refused", because };
  if (fact.sameAs !== null && (await prove(deps, scope, fact.sameAs, fact)))
    return { kind: "known", id: fact.sameAs };
  const { id, isNew } = await insert(deps, scope, fact);
  const closed = await close(deps, scope, id, fact);
  if (!isNew && closed === 0) return { kind: "known", id };
  return { kind: closed > 0 ? "changed" : "added", id };
}

/** One line, as long as a fact may be. */
export const tidy = (text: string, maxChars = MAX_FACT_CHARS): string =>
  Array.from(toText(text).replace(/\s+/g, " ").trim()).slice(0, maxChars).join("").trim();

async function refusal(
  { db, person, holdsSecret }: Learning,
  scope: Scope,
  fact: NewFact,
): Promise<Refused | null> {
  if (fact.text === "") return "empty";
  if (person.mode !== "on") return person.mode;
  if (holdsSecret(`${fact.subject} ${fact.text}`, fact.origin === "told")) return "secret";
  if (touches(`${fact.subject} ${fact.text}`, person.never)) return "never";
  const owner = scope.principal.userId;
  const [found] = await rows<{ facts: number; unlearnt: number }>(
    db,
    sql`
      select (select count(*)::int from memories where owner_id = ${owner} and ${HOLDS}) as facts,
        (select count(*)::int from memory_unlearnt
         where person_id = ${owner} and message_id = any(${array(fact.sources)})) as unlearnt`,
  );
  if ((found?.facts ?? 0) >= MAX_FACTS) return "full";
  if (fact.origin === "heard" && (await isTakenBack(db, fact.sources))) return "unlearnt";
  const isUnlearnt = fact.sources.length > 0 && found?.unlearnt === fact.sources.length;
  return isUnlearnt && fact.origin === "heard" ? "unlearnt" : null;
}

/** Its words were deleted while it was made of them. Until the end of this one, a deletion waits. */
export async function isTakenBack(db: Db, sources: readonly string[]): Promise<boolean> {
  const found = await rows<{ isGone: boolean }>(
    db,
    sql`
      select deleted_at is not null as "isGone" from messages
      where id = any(${array(sources)}) order by id for share`,
  );
  return found.length > 0 && found.every(({ isGone }) => isGone);
}

/** True when there is such a fact: it has one more proof now. */
async function prove({ db }: Learning, scope: Scope, id: string, fact: NewFact): Promise<boolean> {
  const proven = await rows(
    db,
    sql`
      update memories set
        confidence = greatest(confidence, ${fact.confidence}::float8),
        sources = (array(select distinct unnest(sources || ${array(fact.sources)}) order by 1 desc))[1:${MAX_SOURCES}]
      where id = ${id} and ${isOwn(scope)} and ${HOLDS} returning id`,
  );
  return proven.length > 0;
}

async function insert(
  { db, createId, now, changed, added }: Learning,
  scope: Scope,
  fact: NewFact,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const audience = audienceKey(scope.audience);
  const { stability, difficulty, reviewedAt } = newStrength(now(), fact.origin === "told");
  const [row] = await rows<Changed & { isNew: boolean }>(
    db,
    sql`
      insert into memories (id, owner_id, audience, said_to, kind, text, subject, hash, is_key, confidence, origin,
        valid_from, stability, difficulty, reviewed_at, sources, conversation_id)
      values (${newId(createId)}, ${scope.principal.userId}, ${audience}, ${audience}, ${fact.kind}, ${fact.text},
        ${fact.subject}, ${hashOf(fact.text, fact.subject)}, ${fact.isKey}, ${fact.confidence}, ${fact.origin},
        ${fact.validFrom}, ${stability}, ${difficulty}, ${reviewedAt},
        ${array(fact.sources.slice(-MAX_SOURCES))}, ${fact.conversationId})
      on conflict (owner_id, audience, hash) where valid_to is null and forgotten_at is null do update set
        confidence = greatest(memories.confidence, excluded.confidence),
        sources = (array(select distinct unnest(memories.sources || excluded.sources) order by 1 desc))[1:${MAX_SOURCES}]
      returning id, owner_id, audience, (xmax = 0) as "isNew"`,
  );
  if (!row) throw new Error("The database did not say which fact it kept");
  if (row.isNew) {
    changed.push(row);
    added.push(row.id);
  }
  return row;
}

/** What the new fact takes the place of keeps its words, and gets an end. Its pin goes over. Gives how many. */
async function close(
  { db, changed, ended, endedBy }: Learning,
  scope: Scope,
  id: string,
  fact: NewFact,
): Promise<number> {
  if (fact.replaces.length === 0) return 0;
  const closed = await rows<Changed & { is_pinned: boolean; is_key: boolean }>(
    db,
    sql`
      update memories set valid_to = greatest(valid_from, ${fact.validFrom}::timestamptz), superseded_by = ${id}
      where id = any(${array(fact.replaces)}) and id <> ${id} and ${isOwn(scope)} and ${HOLDS}
      returning id, owner_id, audience, is_pinned, is_key`,
  );
  changed.push(...closed);
  ended.push(...closed.map((row) => row.id));
  if (closed.length > 0) endedBy.push(id);
  const [isPinned, isKey] = [closed.some((row) => row.is_pinned), closed.some((row) => row.is_key)];
  if (isPinned || isKey)
    await rows(
      db,
      sql`update memories set is_pinned = is_pinned or ${isPinned}, is_key = is_key or ${isKey} where id = ${id}`,
    );
  return closed.length;
}

/** A letter and 12 hexadecimal digits: short enough for a model to write down, and not to be guessed. */
export const newId = (createId: () => string, letter = "m"): string =>
  `${letter}${createId().replaceAll("-", "").slice(-12)}`;

import { sql, type SQL } from "drizzle-orm/sql";
import { conversationId, messageId } from "../core/ids.ts";
import { EVERYWHERE, everywhereShelf, ownerShelf, PROJECT, type Fact } from "../core/memory.ts";
import { readableKeys, type Scope } from "../core/principal.ts";
import { array, rows, type Db } from "./database.ts";

/** Facts that everybody who reads in this scope may know: in private, all that the person ever said, and the project's. */
export function isUsable(scope: Scope): SQL {
  const keys = readableKeys(scope);
  const { userId } = scope.principal;
  return scope.audience.kind === "private"
    ? sql`(memories.owner_id = ${userId} or memories.audience = ${PROJECT})`
    : sql`(memories.audience = any(${array([...keys, PROJECT])}) or (memories.audience = ${EVERYWHERE} and memories.owner_id = ${userId}))`;
}

/** The person's own, as far as they may be seen in this scope. */
export const isOwn = (scope: Scope): SQL =>
  sql`(memories.owner_id = ${scope.principal.userId} and ${isUsable(scope)})`;

export const IS_KEPT = sql`memories.forgotten_at is null`;
export const HOLDS = sql`(memories.forgotten_at is null and memories.valid_to is null)`;

export const OWNER_WANTS_IT = sql`not exists (
  select from memory_people as owner_wish where owner_wish.person_id = memories.owner_id and owner_wish.mode = 'off')`;

/** What `from` must offer for FACT: memories, who said it and the place. */
const WITH_PLACE = sql`
  memories join people as author on author.id = coalesce(memories.author_id, memories.owner_id)
  left join conversations as place on place.id = memories.conversation_id`;

const FACT = sql`
  memories.id, memories.owner_id as "ownerId", author.display_name as "ownerName", author.id as "authorId", memories.audience, memories.kind,
  memories.text, memories.subject, memories.is_key as "isKey", memories.is_pinned as "isPinned", memories.confidence,
  memories.origin, memories.valid_from as "validFrom", memories.valid_to as "validTo",
  memories.superseded_by as "supersededBy", memories.created_at as "createdAt", memories.used_at as "usedAt",
  memories.uses, memories.sources, memories.conversation_id as "conversationId", place.guild_id as "guildId"`;

type FactRow = Omit<Fact, "sources" | "conversationId"> & {
  readonly sources: readonly string[];
  readonly conversationId: string | null;
};

const toFact = (row: FactRow): Fact => ({
  ...row,
  sources: row.sources.map(messageId),
  conversationId: row.conversationId === null ? null : conversationId(row.conversationId),
});

export async function selectFacts(db: Db, rest: SQL): Promise<readonly Fact[]> {
  const found = await rows<FactRow>(db, sql`select ${FACT} from ${WITH_PLACE} ${rest}`);
  return found.map(toFact);
}

export interface Changed {
  readonly id: string;
  readonly owner_id: string;
  readonly audience: string;
}

/** Other processes rank with what they have until they see that a shelf is newer. */
export async function markShelves(
  db: Db,
  changed: readonly Pick<Changed, "owner_id" | "audience">[],
): Promise<void> {
  const keys = new Set(
    changed.flatMap(({ owner_id: owner, audience }) => [
      ...(owner === audience ? [] : [ownerShelf(owner)]),
      audience === EVERYWHERE ? everywhereShelf(owner) : audience,
    ]),
  );
  if (keys.size === 0) return;
  // In one order, so that two of these do not wait for each other.
  await rows(
    db,
    sql`
      insert into memory_shelves (key) select key from unnest(${array([...keys].toSorted())}) as key
      on conflict (key) do update set version = memory_shelves.version + 1`,
  );
}

export const markShelf = (db: Db, key: string): Promise<unknown> =>
  rows(
    db,
    sql`
      insert into memory_shelves (key) values (${key})
      on conflict (key) do update set version = memory_shelves.version + 1`,
  );

export interface Person {
  readonly mode: "on" | "paused" | "off";
  readonly never: readonly string[];
  readonly forgotten_at: Date | null;
}

/** What the person wants, held until the transaction's end: what one person learns or forgets goes one after the other. */
export async function lockPerson(db: Db, { principal: { userId } }: Scope): Promise<Person> {
  await rows(
    db,
    sql`insert into memory_people (person_id) values (${userId}) on conflict (person_id) do nothing`,
  );
  const [person] = await rows<Person>(
    db,
    sql`select mode, never, forgotten_at from memory_people where person_id = ${userId} for update`,
  );
  return person ?? { mode: "off", never: [], forgotten_at: null };
}

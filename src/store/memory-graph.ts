import { sql, type SQL } from "drizzle-orm/sql";
import type { GraphStore, NewRelation, Relation } from "../core/graph.ts";
import { messageId } from "../core/ids.ts";
import { audienceKey, readableKeys, type Scope } from "../core/principal.ts";
import { touches } from "../memory/sameness.ts";
import { array, rows, type Db } from "./database.ts";
import { GRACE } from "./memory-forget.ts";
import { isTakenBack, keepPerson, newId, tidy, type LearnDeps } from "./memory-learn.ts";
import { lockPerson } from "./memory-rows.ts";
import { isForgottenForGood, isUsableIn, isWanted } from "./memory-wishes.ts";

/** Of one person, those that hold no longer included. */
const MAX_RELATIONS = 5_000;
const MAX_NAME_CHARS = 80;
const MAX_TYPE_CHARS = 40;
const MAX_HOPS = 3;
const MAX_LISTED = 100;
/** Messages that prove one relation; of more, the newest. */
const MAX_SOURCES = 8;
/** Names that one question may look for. */
const MAX_NAMES = 64;

const TABLE = sql.raw("relations");
/** What a query over `relations` gives; whoever speaks of himself is called by his name. */
const RELATION = sql`
  relations.id, relations.owner_id as "ownerId", owner.display_name as "ownerName", relations.audience,
  case when relations.from_key like 'self:%' then owner.display_name else relations.from_name end as "from",
  relations.type, case when relations.to_key like 'self:%' then owner.display_name else relations.to_name end as "to",
  relations.valid_from as "validFrom", relations.valid_to as "validTo", relations.sources`;
const WITH_OWNER = sql`relations join people as owner on owner.id = relations.owner_id`;

type Row = Omit<Relation, "sources"> & { readonly sources: readonly string[] };
const toRelation = (row: Row): Relation => ({ ...row, sources: row.sources.map(messageId) });

/** The graph in the database that is there: entities are keys, relations are rows, and the walk is one recursive query. */
export function createPostgresGraph({ database, createId, holdsSecret }: LearnDeps): GraphStore & {
  readonly tidy: () => Promise<unknown>;
} {
  const { db, transact } = database;

  async function keep(within: Db, scope: Scope, given: NewRelation): Promise<boolean> {
    const { from, to, type } = plain(given);
    const [fromKey, toKey] = [keyOf(from, scope), keyOf(to, scope)];
    const owner = scope.principal.userId;
    const same = sql`
      owner_id = ${owner} and audience = ${audienceKey(scope.audience)} and from_key = ${fromKey}
      and lower(type) = ${type.toLowerCase()} and to_key = ${toKey} and valid_to is null`;
    if (!given.holds) {
      const ended = await rows(
        within,
        sql`update relations set valid_to = greatest(valid_from, ${given.validFrom}::timestamptz) where ${same} returning id`,
      );
      return ended.length > 0;
    }
    const kept = await rows<{ isNew: boolean }>(
      within,
      sql`
        insert into relations (id, owner_id, audience, from_key, from_name, type, to_key, to_name, valid_from, sources)
        select ${newId(createId, "r")}, ${owner}, ${audienceKey(scope.audience)}, ${fromKey}, ${from},
          ${type.toLowerCase()}, ${toKey}, ${to}, ${given.validFrom}::timestamptz, ${array(given.sources)}
        where (select count(*) from relations where owner_id = ${owner}) < ${MAX_RELATIONS}
        on conflict (owner_id, audience, from_key, type, to_key) where valid_to is null do update set
          sources = case when ${isWanted(TABLE)}
            then (array(select distinct unnest(relations.sources || excluded.sources) order by 1 desc))[1:${MAX_SOURCES}]
            else excluded.sources end,
          created_at = now()
        returning (xmax = 0) as "isNew"`,
    );
    return kept.some(({ isNew }) => isNew);
  }

  return {
    add: (scope, given) =>
      transact(async ({ db: within }) => {
        readableKeys(scope);
        const { mode, never } = await lockPerson(within, scope);
        if (mode !== "on") return 0;
        await keepPerson(within, scope);
        let changed = 0;
        for (const relation of given) {
          const { from, type, to } = plain(relation);
          const isEmpty = type === "" || to === "" || keyOf(from, scope) === keyOf(to, scope);
          if (isEmpty || touches(`${from} ${type} ${to}`, never)) continue;
          // Also as "has PIN: 4711": what a sentence says in between, a relation leaves out.
          if (holdsSecret(`${from} ${type} ${to}\n${type}: ${to}`)) continue;
          if (await isTakenBack(within, relation.sources)) continue;
          if (await keep(within, scope, relation)) changed++;
        }
        return changed;
      }),

    async around(scope, names, { hops, limit, at }) {
      const keys = [...new Set(names.map((name) => keyOf(name, scope)))].slice(0, MAX_NAMES);
      if (keys.length === 0) return [];
      const held = sql`
        valid_from <= ${at}::timestamptz and (valid_to is null or valid_to > ${at}::timestamptz)`;
      const found = await rows<Row>(
        db,
        sql`
          with recursive usable as materialized (
            select * from relations where ${isUsableIn(scope, TABLE)} and ${isWanted(TABLE)} and ${held}
          ), walk (key, hops) as (
            select key, 0 from unnest(${array(keys)}) as key
            union
            select case when usable.from_key = walk.key then usable.to_key else usable.from_key end, walk.hops + 1
            from walk join usable on walk.key in (usable.from_key, usable.to_key)
            where walk.hops + 1 < ${Math.min(hops, MAX_HOPS)}
          ), near as (
            select usable.id, min(walk.hops) as hops
            from usable join walk on walk.key in (usable.from_key, usable.to_key) group by usable.id
          )
          select ${RELATION} from near join ${WITH_OWNER} on near.id = relations.id
          order by near.hops, relations.valid_from desc, relations.id limit ${limit}`,
      );
      return found.map(toRelation);
    },

    async list(scope, { offset, limit } = { offset: 0, limit: MAX_LISTED }) {
      const found = await rows<Row>(
        db,
        sql`
          select ${RELATION} from ${WITH_OWNER}
          where ${isOwn(scope)} and ${isWanted(TABLE)} and valid_to is null
          order by relations.created_at desc, relations.id limit ${Math.min(limit, MAX_LISTED)} offset ${offset}`,
      );
      return found.map(toRelation);
    },

    async remove(scope, id) {
      const [gone] = await rows<Row>(
        db,
        sql`
          delete from relations using people as owner
          where owner.id = relations.owner_id and relations.id = ${id} and ${isOwn(scope)} returning ${RELATION}`,
      );
      return gone ? toRelation(gone) : null;
    },

    tidy: () => rows(db, sql`delete from relations where ${isForgottenForGood(TABLE, GRACE)}`),
  };
}

const isOwn = (scope: Scope): SQL =>
  sql`(relations.owner_id = ${scope.principal.userId} and ${isUsableIn(scope, TABLE)})`;

const plain = ({ from, type, to }: NewRelation) => ({
  from: tidy(from, MAX_NAME_CHARS),
  type: tidy(type, MAX_TYPE_CHARS),
  to: tidy(to, MAX_NAME_CHARS),
});

/** Empty is the person who asks. No name can look like one's own key: the colon is taken out. */
const keyOf = (name: string, { principal }: Scope): string =>
  tidy(name, MAX_NAME_CHARS)
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, " ")
    .trim() || `self:${principal.userId}`;

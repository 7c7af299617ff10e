import { sql, type SQL } from "drizzle-orm/sql";
import { TONES, type Episode, type EpisodeStore, type ShelvedEpisode } from "../core/episodes.ts";
import { conversationId, messageId } from "../core/ids.ts";
import { episodeShelf } from "../core/memory.ts";
import type { TranscriptMessage } from "../core/message.ts";
import { audienceKey, readableKeys, type Scope } from "../core/principal.ts";
import { touches } from "../memory/sameness.ts";
import { array, rows, type Db } from "./database.ts";
import { GRACE } from "./memory-forget.ts";
import { newId, tidy, type LearnDeps } from "./memory-learn.ts";
import { SAID_TO_BE_USED } from "./memory-recall.ts";
import { markShelf } from "./memory-rows.ts";

/** Of one talk; of more, the newest. */
const MAX_LINES = 200;
/** Of one place; of more, the newest. */
const MAX_EPISODES = 500;
const MAX_SHELVED = 300;
const MAX_SUMMARY_CHARS = 1_200;
const MAX_TOPICS = 3;
const MAX_TOPIC_CHARS = 40;

/** Of the scope's own place. Lines do not cross over from one place into another, and neither does what they were about. */
const isHere = (scope: Scope): SQL => {
  readableKeys(scope);
  return sql`episodes.audience = ${audienceKey(scope.audience)}`;
};

/** Whatever anybody in it wants forgotten, or a fact's proof that was, is in all of it. */
const IS_WANTED = sql`
  (not exists (
    select from memory_people as wish where wish.person_id = any(episodes.participants)
      and (wish.mode = 'off' or wish.forgotten_at > episodes.starts_at))
  and not exists (select from memory_unlearnt where memory_unlearnt.message_id = any(episodes.sources)))`;

type Row = Omit<Episode, "sources" | "conversationId"> & {
  readonly sources: readonly string[];
  readonly conversationId: string;
};

export function createEpisodes({ database, createId, holdsSecret }: LearnDeps): EpisodeStore & {
  readonly tidy: () => Promise<unknown>;
} {
  const { db, transact } = database;
  return {
    async ended(scope, conversation, quietMs) {
      const lines = await rows<TranscriptMessage & { readonly id: string; isUsed: boolean }>(
        db,
        sql`
          select id, role, author_id as "authorId", author_name as "authorName", text, reply_to as "replyTo",
            attachments, sent_at as "sentAt", (text <> '' and ${SAID_TO_BE_USED}) as "isUsed"
          from messages
          where conversation_id = ${conversation} and audience = ${audienceKey(scope.audience)}
            and audience = any(${array(readableKeys(scope))})
            and sent_at > coalesce(
              (select max(ends_at) from episodes where conversation_id = ${conversation}), '-infinity')
          order by sent_at desc, id desc limit ${MAX_LINES}`,
      );
      const newest = lines[0];
      if (!newest || (await saidSince(db, newest.sentAt, quietMs))) return [];
      const gap = lines.findIndex(
        ({ sentAt }, at) => at > 0 && lines[at - 1]!.sentAt.getTime() - sentAt.getTime() > quietMs,
      );
      return lines
        .slice(0, gap === -1 ? lines.length : gap)
        .filter(({ isUsed }) => isUsed)
        .map(({ isUsed: _isUsed, ...line }) => ({ ...line, id: messageId(line.id) }))
        .toReversed();
    },

    async save(scope, conversation, { summary, topics, tone, toneConfidence, lines }) {
      readableKeys(scope);
      const ids = lines.map(({ id }) => id);
      const [first, last] = [lines[0], lines.at(-1)];
      const words = tidy(summary, MAX_SUMMARY_CHARS);
      const about = topicsOf(topics);
      const told = [words, ...about].join("\n");
      if (!first || !last || words === "" || holdsSecret(told)) return false;
      return transact(async (transaction) => {
        // Nothing of it can be deleted or edited meanwhile, and what was before is seen.
        const unchanged = await rows<{ text: string }>(
          transaction.db,
          sql`
            select text from messages
            where id = any(${array(ids)}) and conversation_id = ${conversation}
              and audience = ${audienceKey(scope.audience)} and ${SAID_TO_BE_USED}
            order by sent_at, id for share of messages`,
        );
        if (
          unchanged.map(({ text }) => text).join("\n") !== lines.map(({ text }) => text).join("\n")
        )
          return false;
        const people = [
          ...new Set(lines.flatMap(({ role, authorId }) => (role === "person" ? [authorId] : []))),
        ];
        if (touches(told, await neverOf(transaction.db, people))) return false;
        const saved = await rows(
          transaction.db,
          sql`
            insert into episodes (id, conversation_id, audience, summary, topics, tone, tone_confidence, participants,
              starts_at, ends_at, sources)
            values (${newId(createId, "e")}, ${conversation}, ${audienceKey(scope.audience)}, ${words},
              ${array(about)}, ${TONES.find((each) => each === tone) ?? null}, ${toneConfidence},
              ${array(people)}, ${first.sentAt}, ${last.sentAt}, ${array(ids)})
            on conflict (conversation_id, ends_at) do nothing returning id`,
        );
        if (saved.length > 0) await markShelf(transaction.db, episodeShelf(scope));
        return saved.length > 0;
      });
    },

    async shelf(scope) {
      return rows<ShelvedEpisode>(
        db,
        sql`
          select id, summary, topics, starts_at as "startsAt", ends_at as "endsAt" from episodes
          where ${isHere(scope)} and ${IS_WANTED} order by ends_at desc limit ${MAX_SHELVED}`,
      );
    },

    async find(scope, ids) {
      if (ids.length === 0) return [];
      const found = await rows<Row>(
        db,
        sql`
          select id, conversation_id as "conversationId", summary, topics, tone, tone_confidence as "toneConfidence",
            array(select display_name from people where people.id = any(episodes.participants) order by 1) as participants,
            (participants = ${array([scope.principal.userId])}) as "isOwn",
            starts_at as "startsAt", ends_at as "endsAt", sources
          from episodes
          where id = any(${array(ids)}) and ${isHere(scope)} and ${IS_WANTED} order by ends_at`,
      );
      return found.map((row) => ({
        ...row,
        conversationId: conversationId(row.conversationId),
        sources: row.sources.map(messageId),
      }));
    },

    tidy: () =>
      rows(
        db,
        sql`
          delete from episodes where exists (
              select from memory_people as wish where wish.person_id = any(episodes.participants)
                and wish.forgotten_at > episodes.starts_at and wish.forgotten_at <= now() - ${GRACE})
            or id in (
              select id from (
                select id, row_number() over (partition by conversation_id order by ends_at desc) as place from episodes
              ) as numbered where place > ${MAX_EPISODES})`,
      ),
  };
}

/** By the database's clock, as all that was said. */
async function saidSince(db: Db, at: Date, quietMs: number): Promise<boolean> {
  const [found] = await rows<{ isYoung: boolean }>(
    db,
    sql`select ${at}::timestamptz > now() - make_interval(secs => ${quietMs / 1000}) as "isYoung"`,
  );
  return found?.isYoung ?? true;
}

/** What any of them never wants learnt. */
async function neverOf(db: Db, people: readonly string[]): Promise<readonly string[]> {
  const found = await rows<{ never: readonly string[] }>(
    db,
    sql`select never from memory_people where person_id = any(${array(people)}) order by person_id for share`,
  );
  return found.flatMap(({ never }) => never);
}

const topicsOf = (topics: readonly string[]): readonly string[] =>
  [...new Set(topics.map((topic) => tidy(topic, MAX_TOPIC_CHARS)))]
    .filter((topic) => topic !== "")
    .slice(0, MAX_TOPICS);

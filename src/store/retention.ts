import { sql } from "drizzle-orm/sql";
import { messageId, turnId, type MessageId, type TurnId } from "../core/ids.ts";
import { array, rows, type Database, type Db } from "./database.ts";
import { blankSteps } from "./forget.ts";
import { unsay } from "./summaries.ts";

/** Messages of one transaction, and transactions of one tidying: what is more waits for the next. */
const BOUNDS = { batch: 1_000, batches: 20 };

export interface Retention {
  /** Forgets what is older than its channel or its server keeps. How many messages those were. */
  readonly tidy: (bounds?: typeof BOUNDS) => Promise<number>;
}

/**
 * Forgets words that were said longer ago than the settings of their channel or server say; where both say something, the
 * shorter counts, and where nobody does, nothing is forgotten. What goes is what was said and answered, the summaries that
 * cover it, and what the turns told to models and tools. What a person let Clara remember is his, and stays.
 */
export function createRetention({ transact }: Database): Retention {
  return {
    async tidy({ batch, batches } = BOUNDS) {
      let all = 0;
      for (let done = 0; done < batches; done++) {
        const count = await transact(({ db }) => forgetOld(db, batch));
        all += count;
        if (count < batch) break;
      }
      return all;
    },
  };
}

async function forgetOld(db: Db, limit: number): Promise<number> {
  const gone = await blankOld(db, limit);
  if (gone.length === 0) return 0;
  await unsay(db, gone);
  // An account of a talk is one of its lines, whoever made it; what somebody had remembered stays.
  await rows(db, sql`delete from episodes where sources && ${array(gone)}`);
  await blankAnswers(db, gone);
  return gone.length;
}

/** Two processes at once take different ones. A question that is still being answered is left alone. */
async function blankOld(db: Db, limit: number): Promise<readonly MessageId[]> {
  const gone = await rows<{ id: string }>(
    db,
    sql`
      with places as (
        select place.id, least(${days("channel")}, ${days("guild")}) as days
        from conversations as place
          left join preferences as channel
            on channel.holder = 'channel:' || place.platform || ':' || coalesce(place.parent_id, place.channel_id)
          left join preferences as guild on guild.holder = 'guild:' || place.guild_id
        where place.guild_id is not null
      ), old as (
        select messages.id from places join messages on messages.conversation_id = places.id
        where places.days is not null and messages.sent_at < now() - make_interval(days => places.days)
          and messages.deleted_at is null and not exists (
            select from turns
            where turns.conversation_id = places.id and turns.state in ('queued', 'running', 'delivering')
              and (turns.trigger_id = messages.id or messages.id = any(turns.absorbed)))
        order by messages.sent_at limit ${limit} for update of messages skip locked
      )
      update messages set text = '', attachments = '[]', deleted_at = now() from old where messages.id = old.id
      returning messages.id`,
  );
  return gone.map(({ id }) => messageId(id));
}

/** null for what another version wrote and we cannot read. */
const days = (holder: "channel" | "guild") => {
  const value = sql.raw(`${holder}.values -> 'retentionDays'`);
  return sql`case when jsonb_typeof(${value}) = 'number' then greatest(1, (${value})::int) end`;
};

/** An answer is also kept with its turn: as it was planned, and as it was sent. */
async function blankAnswers(db: Db, gone: readonly MessageId[]): Promise<void> {
  const found = await rows<{ id: string }>(
    db,
    sql`
      update turns set outcome = case when outcome ->> 'answer' is null then outcome
        else jsonb_set(outcome, '{answer}', 'null') end
      where trigger_id = any(${array(gone)}) and state in ('done', 'cancelled', 'merged')
      returning id`,
  );
  const ids: readonly TurnId[] = found.map(({ id }) => turnId(id));
  await blankSteps(db, ids);
  await rows(
    db,
    sql`update outbox set content = '', file = null where turn_id = any(${array(ids)})`,
  );
}

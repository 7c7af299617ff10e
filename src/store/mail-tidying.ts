import { sql } from "drizzle-orm/sql";
import { rows, type Db } from "./database.ts";

/** Mails of one account that are known again when its folder is numbered anew. */
const MAX_KNOWN_MAILS = 5_000;
/** Older ones go, but for the newest. */
const KEPT_DAYS = 90;
const ALWAYS_KNOWN_MAILS = 500;
const EVENT_DAYS = 30;
/** Of drafts that nobody touches any more. */
const DRAFT_DAYS = 30;

/** Removes what is no longer told, known by or asked for. */
export async function tidyMail(db: Db): Promise<void> {
  await rows(
    db,
    sql`
      delete from mail_messages where id in (
        select m.id from (
          select id, digest_id, seen_at, row_number() over (partition by account_id order by id desc) as rank
          from mail_messages) m
        where (m.rank > ${MAX_KNOWN_MAILS}
            or (m.rank > ${ALWAYS_KNOWN_MAILS} and m.seen_at < now() - make_interval(days => ${KEPT_DAYS})))
          and not exists (
            select from mail_alerts t where t.state = 'open' and (t.mail_id = m.id or t.id = m.digest_id)))`,
  );
  await rows(
    db,
    sql`
      delete from mail_alerts
      where state <> 'open' and mail_id is null and created_at < now() - make_interval(days => ${KEPT_DAYS})`,
  );
  await rows(
    db,
    sql`delete from mail_events where at < now() - make_interval(days => ${EVENT_DAYS})`,
  );
  await rows(
    db,
    sql`
      delete from mail_drafts
      where state <> 'sending' and changed_at < now() - make_interval(days => ${DRAFT_DAYS})`,
  );
}

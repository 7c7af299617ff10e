import { sql } from "drizzle-orm/sql";
import {
  FLOOD_ALERTS,
  FLOOD_WINDOW_MINUTES,
  type JudgedMail,
  type MailCursor,
} from "../core/mail-queue.ts";
import { rows, type Db } from "./database.ts";
import { toJson, toText } from "./json.ts";

/** How soon what was too much for single alerts is told together. */
const FLOOD_DIGEST_SECONDS = 60;

/**
 * One mail and what is to be told of it, within the transaction that moves the cursor. A mail that is there already under
 * this very number changes nothing; a known one under a new number takes that number.
 */
export async function addMail(
  db: Db,
  cursor: Pick<MailCursor, "accountId" | "path" | "uidValidity">,
  mail: JudgedMail,
): Promise<void> {
  const { verdict } = mail;
  if (verdict.action === "known" && (await renumber(db, cursor, mail))) return;
  const [row] = await rows<{ id: string }>(
    db,
    sql`
      insert into mail_messages (account_id, path, uid_validity, uid, fingerprint, message_id, from_address, from_name,
        subject, snippet, received_at, size_bytes, dmarc, list_id, unsubscribe, attachments, action, rule_name,
        importance, label, prompt)
      values (${cursor.accountId}, ${cursor.path}, ${cursor.uidValidity}, ${mail.uid}, ${mail.fingerprint},
        ${textOf(mail.messageId)}, ${toText(mail.fromAddress)}, ${toText(mail.fromName)}, ${toText(mail.subject)},
        ${toText(mail.snippet)}, ${mail.receivedAt}, ${mail.sizeBytes}, ${mail.dmarc}, ${textOf(mail.listId)},
        ${mail.unsubscribe === null ? null : toJson(mail.unsubscribe)}::jsonb, ${toJson(mail.attachments)}::jsonb,
        ${verdict.action}, ${verdict.ruleName}, ${verdict.importance}, ${verdict.label}, ${verdict.prompt})
      on conflict do nothing returning id`,
  );
  if (!row) return;
  const mailId = Number(row.id);
  if (verdict.action === "digest") await toDigest(db, cursor.accountId, mailId, verdict.dueAt);
  if (verdict.action === "alert" || verdict.action === "prompt")
    await alert(db, cursor.accountId, mailId, mail);
}

const textOf = (text: string | null): string | null => (text === null ? null : toText(text));

async function renumber(
  db: Db,
  { accountId, path, uidValidity }: Pick<MailCursor, "accountId" | "path" | "uidValidity">,
  { uid, fingerprint }: JudgedMail,
): Promise<boolean> {
  const known = await rows(
    db,
    sql`
      update mail_messages m set uid_validity = ${uidValidity}, uid = ${uid}
      where m.id = (
        select id from mail_messages
        where account_id = ${accountId} and path = ${path} and fingerprint = ${fingerprint}
          and uid_validity <> ${uidValidity}
        order by id desc limit 1)
      and not exists (
        select from mail_messages other
        where other.account_id = ${accountId} and other.path = ${path}
          and other.uid_validity = ${uidValidity} and other.uid = ${uid})
      returning id`,
  );
  return known.length > 0;
}

/** One more alert, unless there were so many of late that they would be noise: then all that follow come together. */
async function alert(
  db: Db,
  accountId: number,
  mailId: number,
  { verdict }: JudgedMail,
): Promise<void> {
  const alerted = await rows(
    db,
    sql`
      insert into mail_alerts (account_id, kind, mail_id, pings, due_at)
      select ${accountId}::bigint, 'mail', ${mailId}::bigint, ${verdict.pings}::boolean, ${verdict.dueAt}::timestamptz
      where (
        select count(*) from mail_alerts
        where account_id = ${accountId} and kind = 'mail'
          and created_at > now() - make_interval(mins => ${FLOOD_WINDOW_MINUTES})
      ) < ${FLOOD_ALERTS}
      on conflict do nothing returning id`,
  );
  if (alerted.length > 0) return;
  const soon = new Date(verdict.dueAt.getTime() + FLOOD_DIGEST_SECONDS * 1_000);
  await toDigest(db, accountId, mailId, soon);
}

/** Into the digest that nobody has begun to tell, or into a new one. */
async function toDigest(db: Db, accountId: number, mailId: number, dueAt: Date): Promise<void> {
  await rows(
    db,
    sql`
      with digest as (
        insert into mail_alerts (account_id, kind, pings, due_at)
        values (${accountId}, 'digest', false, ${dueAt})
        on conflict (account_id) where kind = 'digest' and state = 'open' and first_tried_at is null
          do update set due_at = least(mail_alerts.due_at, excluded.due_at)
        returning id)
      update mail_messages set digest_id = digest.id from digest where mail_messages.id = ${mailId}`,
  );
}

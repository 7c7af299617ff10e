import { sql } from "drizzle-orm/sql";
import type { MailProblem } from "../core/mail.ts";
import {
  MAX_DIGEST_LINES,
  type AlertedMail,
  type DueMailAlert,
  type MailAlertQueue,
  type Mails,
} from "../core/mail-queue.ts";
import { rows, type Database, type Db } from "./database.ts";
import { AGE_MS, dueQueue, isHeldDue, takeDue } from "./due.ts";
import {
  ACCOUNT,
  MAIL,
  ownerOf,
  toAccount,
  toMail,
  type AccountRow,
  type MailRow,
} from "./mail-rows.ts";

interface DueRow extends AccountRow {
  readonly id: string;
  readonly kind: DueMailAlert["kind"];
  readonly mailId: string | null;
  readonly alertProblem: MailProblem | null;
  readonly pings: boolean;
  readonly dueAt: Date;
  readonly tries: number;
  readonly ageMs: number;
}

/** What is due to be told of mail, for whoever tells it. */
export function createMailAlertQueue({ db }: Database): MailAlertQueue {
  return {
    ...dueQueue(db, sql`mail_alerts`),

    async take(now, limit) {
      const taken = await rows<DueRow>(
        db,
        sql`
          with taken as (${takeDue(sql`mail_alerts`, now, limit)} returning *, ${AGE_MS})
          select t.id, t.kind, t.mail_id as "mailId", t.problem as "alertProblem", t.pings, t.due_at as "dueAt",
            t.tries, t.age_ms as "ageMs", ${ACCOUNT}
          from taken t join mail_accounts a on a.id = t.account_id order by t.due_at, t.id`,
      );
      return Promise.all(taken.map((row) => withMails(db, row)));
    },

    async settle(due, { messageId }) {
      const told = await rows(
        db,
        sql`
          update mail_alerts set state = 'told', told_at = now(), said_as = ${messageId}, leased_until = null,
            first_tried_at = null, tries = 0
          where ${isHeldDue(due)} returning id`,
      );
      return told.length > 0;
    },

    async giveUp(due) {
      await rows(
        db,
        sql`
          update mail_alerts set state = 'undeliverable', leased_until = null where ${isHeldDue(due)}`,
      );
    },
  };
}

async function withMails(db: Db, row: DueRow): Promise<DueMailAlert> {
  const of =
    row.kind === "digest" ? sql`m.digest_id = ${row.id}` : sql`m.id = ${row.mailId}::bigint`;
  const [mails, [counted]] = await Promise.all([
    rows<MailRow>(
      db,
      sql`
        select ${MAIL} from mail_messages m where ${of}
        order by m.received_at desc, m.id desc limit ${MAX_DIGEST_LINES}`,
    ),
    rows<{ count: number }>(
      db,
      sql`select count(*)::int as count from mail_messages m where ${of}`,
    ),
  ]);
  const account = toAccount(row);
  return {
    id: Number(row.id),
    dueAt: row.dueAt,
    tries: row.tries,
    ageMs: row.ageMs,
    kind: row.kind,
    owner: account.owner,
    account,
    pings: row.pings,
    mails: mails.map(toMail),
    count: counted?.count ?? 0,
    problem: row.alertProblem,
  };
}

/** See core/mail-queue.ts. */
export function createMails({ db }: Database): Mails {
  const mailWhere = async (condition: ReturnType<typeof sql>): Promise<AlertedMail | null> => {
    const [row] = await rows<MailRow>(
      db,
      sql`
        select ${MAIL} from mail_messages m join mail_accounts a on a.id = m.account_id where ${condition}`,
    );
    return row ? toMail(row) : null;
  };
  return {
    behind: async (scope, alertId) =>
      mailWhere(sql`
        m.id = (select mail_id from mail_alerts where id = ${alertId}) and a.owner_id = ${ownerOf(scope)}`),

    one: async (scope, mailId) =>
      mailWhere(sql`m.id = ${mailId} and a.owner_id = ${ownerOf(scope)}`),

    async recentAlerts(scope, limit) {
      const found = await rows<MailRow & { alertId: string; dueAt: Date; toldAt: Date }>(
        db,
        sql`
          select t.id as "alertId", t.due_at as "dueAt", t.told_at as "toldAt", ${MAIL}
          from mail_alerts t join mail_messages m on m.id = t.mail_id join mail_accounts a on a.id = t.account_id
          where a.owner_id = ${ownerOf(scope)} and t.told_at is not null
          order by t.told_at desc, t.id desc limit ${limit}`,
      );
      return found.map(({ alertId, dueAt, toldAt, ...mail }) => ({
        id: Number(alertId),
        dueAt,
        toldAt,
        mail: toMail(mail),
      }));
    },

    async snooze(scope, alertId, dueAt, until) {
      const put = await rows(
        db,
        sql`
          update mail_alerts t set state = 'open', due_at = ${until}, first_tried_at = null, tries = 0
          from mail_accounts a
          where t.id = ${alertId} and a.id = t.account_id and a.owner_id = ${ownerOf(scope)}
            and t.state = 'told' and t.due_at = ${dueAt} returning t.id`,
      );
      return put.length > 0;
    },
  };
}

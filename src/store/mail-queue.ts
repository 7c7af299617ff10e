import { sql } from "drizzle-orm/sql";
import type { MailCursor, MailQueue, WatchedAccount } from "../core/mail-queue.ts";
import { MAX_LOGIN_REFUSALS } from "../core/mail.ts";
import { array, rows, type Database, type Db } from "./database.ts";
import { toText } from "./json.ts";
import { addMail } from "./mail-record.ts";
import { ACCOUNT, RULE, toAccount, toRule, type AccountRow, type RuleRow } from "./mail-rows.ts";

/** The owner is told of a trouble this often at most. */
const NOTICE_HOURS = 24;

interface WatchedRow extends AccountRow {
  readonly refusals: number;
  readonly zone: string | null;
}

type CursorRow = {
  readonly [Name in keyof MailCursor]: MailCursor[Name] extends number ? string : MailCursor[Name];
};

export function createMailQueue({ db, transact }: Database): MailQueue {
  return {
    async claim(worker, leaseMs) {
      // Locked ones that are somebody's already are not waited for; one's own are, or they would be thought lost.
      await rows(
        db,
        sql`
          update mail_accounts set leased_by = ${worker}, leased_until = now()
          where id in (
            select id from mail_accounts
            where state = 'active' and leased_by is distinct from ${worker}
              and (leased_until is null or leased_until <= now())
            for no key update skip locked)`,
      );
      const found = await rows<WatchedRow>(
        db,
        sql`
          with claimed as (
            update mail_accounts set leased_until = now() + ${leaseMs} * interval '1 millisecond'
            where state = 'active' and leased_by = ${worker}
            returning *)
          select ${ACCOUNT}, a.refusals, p.values ->> 'timeZone' as zone from claimed a
          left join preferences p on p.holder = 'person:' || a.owner_id
          order by a.id`,
      );
      return found.map((row): WatchedAccount => ({
        ...toAccount(row),
        refusals: row.refusals,
        zone: row.zone,
      }));
    },

    async release(worker) {
      await rows(db, sql`update mail_accounts set leased_until = null where leased_by = ${worker}`);
    },

    async rules(accountId) {
      const found = await rows<RuleRow>(
        db,
        sql`
          select ${RULE} from mail_rules r join mail_accounts a on a.owner_id = r.owner_id
          where a.id = ${accountId} and r.is_enabled and (r.account_id is null or r.account_id = a.id)
          order by r.priority desc, r.id`,
      );
      return found.map(toRule);
    },

    async cursor(accountId, path) {
      const [row] = await rows<CursorRow>(
        db,
        sql`
          select account_id as "accountId", path, uid_validity as "uidValidity", last_uid as "lastUid",
            rebase_up_to as "rebaseUpTo", rebase_from as "rebaseFrom", newest_at as "newestAt",
            checked_at as "checkedAt"
          from mail_folders where account_id = ${accountId} and path = ${path}`,
      );
      return row
        ? {
            ...row,
            accountId: Number(row.accountId),
            uidValidity: Number(row.uidValidity),
            lastUid: Number(row.lastUid),
            rebaseUpTo: Number(row.rebaseUpTo),
          }
        : null;
    },

    begin: (cursor, known) =>
      transact(async (transaction) => {
        const { accountId, path, uidValidity, lastUid, newestAt } = cursor;
        const begun = await rows(
          transaction.db,
          sql`
            insert into mail_folders (account_id, path, uid_validity, last_uid, newest_at, checked_at)
            values (${accountId}, ${path}, ${uidValidity}, ${lastUid}, ${newestAt}, now())
            on conflict do nothing returning path`,
        );
        if (begun.length === 0) return;
        for (const mail of known) await addMail(transaction.db, cursor, mail);
      }),

    async rebase(cursor, { uidValidity, upTo, from }) {
      await transact(async (transaction) => {
        const moved = await rows(
          transaction.db,
          sql`
            update mail_folders set uid_validity = ${uidValidity}, last_uid = 0, rebase_up_to = ${upTo},
              rebase_from = ${from}
            where ${isAt(cursor)} returning path`,
        );
        if (moved.length > 0)
          await note(transaction.db, cursor.accountId, {
            kind: "uid-validity",
            detail: `${cursor.path}: ${cursor.uidValidity} became ${uidValidity}`,
          });
      });
    },

    async known({ accountId, path }, fingerprints) {
      const found = await rows<{ fingerprint: string; dates: readonly Date[] }>(
        db,
        sql`
          select fingerprint, array_agg(received_at) as dates from mail_messages
          where account_id = ${accountId} and path = ${path} and fingerprint = any(${array(fingerprints)})
          group by fingerprint`,
      );
      return new Map(found.map(({ fingerprint, dates }) => [fingerprint, dates]));
    },

    record: (cursor, mails, lastUid) =>
      transact(async (transaction) => {
        const newest = mails.reduce(
          (latest, { receivedAt }) => (latest && latest > receivedAt ? latest : receivedAt),
          cursor.newestAt,
        );
        const moved = await rows(
          transaction.db,
          sql`
            update mail_folders set last_uid = ${lastUid}, newest_at = greatest(newest_at, ${newest})
            where ${isAt(cursor)} returning path`,
        );
        if (moved.length === 0) return false;
        for (const mail of mails) await addMail(transaction.db, cursor, mail);
        return true;
      }),

    async checked(accountId, path) {
      await rows(
        db,
        sql`
          with folder as (
            update mail_folders set checked_at = now() where account_id = ${accountId} and path = ${path}
          )
          update mail_accounts set checked_at = now(), problem = null, refusals = 0, retry_at = null
          where id = ${accountId}`,
      );
    },

    failed: (accountId, { problem, retryAt }) =>
      transact(async (transaction) => {
        const isRefusal = problem === "login-refused";
        const [row] = await rows<{ refusals: number; isToTell: boolean }>(
          transaction.db,
          sql`
            update mail_accounts a set problem = ${problem}, retry_at = ${retryAt}::timestamptz,
              refusals = case when ${isRefusal} then a.refusals + 1 else a.refusals end,
              state = case
                when ${problem === "locked"} then 'locked'
                when ${isRefusal} and a.refusals + 1 >= ${MAX_LOGIN_REFUSALS} then 'refused'
                else a.state end
            where a.id = ${accountId} and a.state = 'active'
            returning a.refusals, (
              (a.noticed_at is null or a.noticed_at <= now() - make_interval(hours => ${NOTICE_HOURS})
                or a.state = 'refused')
              and ${tells(problem)}) as "isToTell"`,
        );
        if (row?.isToTell) await giveNotice(transaction.db, accountId, problem);
        return row?.refusals ?? 0;
      }),

    note: (accountId, event) => note(db, accountId, event),
  };
}

/** What passes by itself is told when it has lasted for two checks: then nothing has come for that long. */
const tells = (problem: string) =>
  ["login-refused", "locked", "bad-certificate", "no-encryption", "forbidden-address"].includes(
    problem,
  )
    ? sql`true`
    : sql`coalesce(a.checked_at, a.created_at) < now() - make_interval(mins => 2 * a.poll_minutes)`;

async function giveNotice(db: Db, accountId: number, problem: string): Promise<void> {
  await rows(
    db,
    sql`
      with told as (update mail_accounts set noticed_at = now() where id = ${accountId})
      insert into mail_alerts (account_id, kind, problem, pings, due_at)
      values (${accountId}, 'notice', ${problem}, true, now())`,
  );
}

/** Nobody has moved it meanwhile. */
const isAt = ({ accountId, path, uidValidity, lastUid }: MailCursor) =>
  sql`account_id = ${accountId} and path = ${path} and uid_validity = ${uidValidity} and last_uid = ${lastUid}`;

async function note(
  db: Db,
  accountId: number,
  { kind, detail }: { readonly kind: string; readonly detail: string },
): Promise<void> {
  await rows(
    db,
    sql`
      insert into mail_events (account_id, kind, detail)
      select id, ${kind}, ${toText(detail)} from mail_accounts where id = ${accountId}`,
  );
}

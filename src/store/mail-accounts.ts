import { sql, type SQL } from "drizzle-orm/sql";
import {
  MAX_MAIL_ACCOUNTS,
  mailSecretName,
  type MailAccountChange,
  type MailAccounts,
  type MailEvent,
} from "../core/mail.ts";
import type { Scope } from "../core/principal.ts";
import { rows, type Database } from "./database.ts";
import { toJson, toText } from "./json.ts";
import { ACCOUNT, ownerOf, toAccount, type AccountRow } from "./mail-rows.ts";
import { ownerKey } from "./owners.ts";
import { lockOwner } from "./reminder-rows.ts";

export function createMailAccounts({ db, transact }: Database): MailAccounts {
  return {
    async add(scope, { address, login, provider, auth, imap, smtp, pollMinutes }) {
      const owner = ownerOf(scope);
      return transact(async (transaction) => {
        await lockOwner(transaction.db, scope);
        const [row] = await rows<AccountRow>(
          transaction.db,
          sql`
            insert into mail_accounts as a (owner_id, address, login, provider, auth, imap, smtp, poll_minutes)
            select ${owner}, ${toText(address)}, ${toText(login)}, ${provider}, ${auth}, ${toJson(imap)}::jsonb,
              ${smtp === null ? null : toJson(smtp)}::jsonb, ${pollMinutes}::int
            where (
              select count(*) from mail_accounts where owner_id = ${owner} and address <> ${toText(address)}
            ) < ${MAX_MAIL_ACCOUNTS}
            on conflict (owner_id, address) do update set
              login = excluded.login, provider = excluded.provider, auth = excluded.auth, imap = excluded.imap,
              smtp = excluded.smtp, state = 'active', problem = null, refusals = 0, retry_at = null, noticed_at = null,
              revision = a.revision + 1
            returning ${ACCOUNT}`,
        );
        return row ? { kind: "added", account: toAccount(row) } : { kind: "too-many" };
      });
    },

    async list(scope) {
      const found = await rows<AccountRow>(
        db,
        sql`select ${ACCOUNT} from mail_accounts a where a.owner_id = ${ownerOf(scope)} order by a.address`,
      );
      return found.map(toAccount);
    },

    async one(scope, id) {
      const [row] = await rows<AccountRow>(
        db,
        sql`select ${ACCOUNT} from mail_accounts a where a.id = ${id} and a.owner_id = ${ownerOf(scope)}`,
      );
      return row ? toAccount(row) : null;
    },

    async change(scope, id, change) {
      const changed = await rows(
        db,
        sql`
          update mail_accounts set ${assignments(change)} where id = ${id} and owner_id = ${ownerOf(scope)}
          returning id`,
      );
      return changed.length > 0;
    },

    async remove(scope, id) {
      const owner = ownerOf(scope);
      return transact(async (transaction) => {
        const [gone] = await rows<{ address: string }>(
          transaction.db,
          sql`delete from mail_accounts where id = ${id} and owner_id = ${owner} returning address`,
        );
        if (gone)
          await rows(
            transaction.db,
            sql`
              delete from secrets
              where owner = ${secretOwner(scope)} and name = ${mailSecretName(gone)}`,
          );
        return gone !== undefined;
      });
    },

    async events(scope, id, limit) {
      return rows<MailEvent>(
        db,
        sql`
          select e.at, e.kind, e.detail from mail_events e join mail_accounts a on a.id = e.account_id
          where a.id = ${id} and a.owner_id = ${ownerOf(scope)} order by e.id desc limit ${limit}`,
      );
    },
  };
}

const secretOwner = ({ principal }: Scope): string =>
  ownerKey({ kind: "person", userId: principal.userId });

function assignments(change: MailAccountChange): SQL {
  const parts = [sql`revision = revision + 1`];
  if (change.channel !== undefined)
    parts.push(sql`channel = ${change.channel === null ? null : toJson(change.channel)}::jsonb`);
  if (change.pings !== undefined) parts.push(sql`pings = ${change.pings}`);
  if (change.digestAt !== undefined) parts.push(sql`digest_at = ${change.digestAt}`);
  if (change.pollMinutes !== undefined) parts.push(sql`poll_minutes = ${change.pollMinutes}`);
  if (change.quiet !== undefined)
    parts.push(
      sql`quiet_from = ${change.quiet?.from ?? null}::int, quiet_to = ${change.quiet?.to ?? null}::int`,
    );
  // What its server refused is not tried again because somebody says "go on": only a password that works helps.
  if (change.state !== undefined)
    parts.push(
      sql`state = case when state in ('active', 'paused') then ${change.state} else state end`,
    );
  return sql.join(parts, sql`, `);
}

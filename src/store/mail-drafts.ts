import { sql } from "drizzle-orm/sql";
import { MAX_MAIL_DRAFTS, type MailDraft, type MailDrafts } from "../core/mail-drafts.ts";
import { rows, type Database } from "./database.ts";
import { toJson, toText } from "./json.ts";
import { ownerOf } from "./mail-rows.ts";
import { lockOwner } from "./reminder-rows.ts";

type Row = Omit<MailDraft, "id" | "accountId"> & {
  readonly id: string;
  readonly accountId: string;
};

const DRAFT = sql`
  d.id, d.account_id as "accountId", d."to", d.cc, d.subject, d.text, d.in_reply_to as "inReplyTo",
  d."references", d.message_id as "messageId", d.state`;

const toDraft = ({ id, accountId, ...row }: Row): MailDraft => ({
  ...row,
  id: Number(id),
  accountId: Number(accountId),
});

/** `createId`: a UUID, of which the Message-ID is made. */
export function createMailDrafts({ db, transact }: Database, createId: () => string): MailDrafts {
  return {
    async add(scope, draft) {
      const owner = ownerOf(scope);
      return transact(async (transaction) => {
        await lockOwner(transaction.db, scope);
        const [row] = await rows<Row>(
          transaction.db,
          sql`
            insert into mail_drafts as d (account_id, owner_id, "to", cc, subject, text, in_reply_to, "references",
              message_id)
            select a.id, a.owner_id, ${toJson(draft.to)}::jsonb, ${toJson(draft.cc)}::jsonb,
              ${toText(draft.subject)}, ${toText(draft.text)}, ${draft.inReplyTo}, ${toJson(draft.references)}::jsonb,
              ${createId()} || '@' || split_part(a.address, '@', 2)
            from mail_accounts a
            where a.id = ${draft.accountId} and a.owner_id = ${owner} and (
              select count(*) from mail_drafts where owner_id = ${owner} and state = 'open'
            ) < ${MAX_MAIL_DRAFTS}
            returning ${DRAFT}`,
        );
        return row ? toDraft(row) : null;
      });
    },

    async one(scope, id) {
      const [row] = await rows<Row>(
        db,
        sql`select ${DRAFT} from mail_drafts d where d.id = ${id} and d.owner_id = ${ownerOf(scope)}`,
      );
      return row ? toDraft(row) : null;
    },

    async list(scope) {
      const found = await rows<Row>(
        db,
        sql`
          select ${DRAFT} from mail_drafts d
          where d.owner_id = ${ownerOf(scope)} and d.state <> 'sent' order by d.id desc limit ${MAX_MAIL_DRAFTS}`,
      );
      return found.map(toDraft);
    },

    async edit(scope, id, { to, subject, text }) {
      const changed = await rows(
        db,
        sql`
          update mail_drafts set "to" = ${toJson(to)}::jsonb, subject = ${toText(subject)}, text = ${toText(text)},
            changed_at = now()
          where id = ${id} and owner_id = ${ownerOf(scope)} and state = 'open' returning id`,
      );
      return changed.length > 0;
    },

    async discard(scope, id) {
      const gone = await rows(
        db,
        sql`
          delete from mail_drafts where id = ${id} and owner_id = ${ownerOf(scope)} and state <> 'sending'
          returning id`,
      );
      return gone.length > 0;
    },

    async begin(scope, id) {
      const [row] = await rows<Row>(
        db,
        sql`
          update mail_drafts d set state = 'sending', changed_at = now()
          where d.id = ${id} and d.owner_id = ${ownerOf(scope)} and d.state = 'open' returning ${DRAFT}`,
      );
      return row ? toDraft(row) : null;
    },

    async end(scope, id, state) {
      await rows(
        db,
        sql`
          update mail_drafts set state = ${state}, changed_at = now()
          where id = ${id} and owner_id = ${ownerOf(scope)} and state = 'sending'`,
      );
    },
  };
}

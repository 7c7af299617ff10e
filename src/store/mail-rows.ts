import { sql, type SQL } from "drizzle-orm/sql";
import { userId } from "../core/ids.ts";
import type { MailAccount } from "../core/mail.ts";
import type { AlertedMail } from "../core/mail-queue.ts";
import type { MailRule } from "../core/mail-rules.ts";
import { readableKeys, ScopeError, type Scope } from "../core/principal.ts";
import { toPlace } from "./reminder-rows.ts";

/** Mail is given to its owner in private, and to nobody anywhere else. Gives the owner. */
export function ownerOf(scope: Scope): string {
  readableKeys(scope);
  if (scope.audience.kind !== "private")
    throw new ScopeError("Mail is read, and what belongs to it changed, in private only");
  return scope.principal.userId;
}

/** Column by column: those of other tables that are joined have names alike. */
export const ACCOUNT = sql`
  a.id as "accountId", a.owner_id as "ownerId", a.address, a.login, a.provider, a.auth, a.imap, a.smtp, a.state,
  a.problem, a.retry_at as "retryAt", a.checked_at as "checkedAt", a.channel, a.pings as "accountPings",
  a.quiet_from as "quietFrom", a.quiet_to as "quietTo", a.digest_at as "digestAt", a.poll_minutes as "pollMinutes",
  a.revision`;

export interface AccountRow extends Omit<
  MailAccount,
  "id" | "owner" | "channel" | "quiet" | "pings"
> {
  readonly accountId: string;
  readonly ownerId: string;
  readonly channel: unknown;
  readonly accountPings: boolean;
  readonly quietFrom: number | null;
  readonly quietTo: number | null;
}

export const toAccount = (row: AccountRow): MailAccount => ({
  id: Number(row.accountId),
  owner: userId(row.ownerId),
  address: row.address,
  login: row.login,
  provider: row.provider,
  auth: row.auth,
  imap: row.imap,
  smtp: row.smtp,
  state: row.state,
  problem: row.problem,
  retryAt: row.retryAt,
  checkedAt: row.checkedAt,
  channel: row.channel === null ? null : toPlace(row.channel),
  pings: row.accountPings,
  quiet:
    row.quietFrom === null || row.quietTo === null
      ? null
      : { from: row.quietFrom, to: row.quietTo },
  digestAt: row.digestAt,
  pollMinutes: row.pollMinutes,
  revision: row.revision,
});

export const RULE = sql`
  r.id, r.account_id as "accountId", r.name, r.is_enabled as "isEnabled", r.priority, r.definition, r.importance,
  r.action, r.pings, r.label, r.prompt, r.preset`;

export interface RuleRow extends Omit<MailRule, "id" | "accountId"> {
  readonly id: string;
  readonly accountId: string | null;
}

export const toRule = ({ id, accountId, ...row }: RuleRow): MailRule => ({
  ...row,
  id: Number(id),
  accountId: accountId === null ? null : Number(accountId),
});

export const MAIL: SQL = sql`
  m.id, m.account_id as "accountId", m.path, m.uid_validity as "uidValidity", m.uid, m.fingerprint,
  m.message_id as "messageId", m.from_address as "fromAddress", m.from_name as "fromName", m.subject, m.snippet,
  m.received_at as "receivedAt", m.size_bytes as "sizeBytes", m.dmarc, m.list_id as "listId", m.unsubscribe,
  m.attachments, m.action, m.rule_name as "ruleName", m.importance, m.label, m.prompt`;

type Numbers = "id" | "accountId" | "uidValidity" | "uid" | "sizeBytes";
export type MailRow = Omit<AlertedMail, Numbers> & { readonly [Name in Numbers]: string };

export const toMail = ({
  id,
  accountId,
  uidValidity,
  uid,
  sizeBytes,
  ...row
}: MailRow): AlertedMail => ({
  ...row,
  id: Number(id),
  accountId: Number(accountId),
  uidValidity: Number(uidValidity),
  uid: Number(uid),
  sizeBytes: Number(sizeBytes),
});

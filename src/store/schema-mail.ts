import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { Conversation } from "../core/message.ts";
import type { MailAccount, MailEvent, MailProblem, MailServer, MailState } from "../core/mail.ts";
import type { DraftState } from "../core/mail-drafts.ts";
import type { AlertedMail, MailAlertKind, Unsubscribe, Verdict } from "../core/mail-queue.ts";
import type { Dmarc, Importance, MailAction, RuleDefinition } from "../core/mail-rules.ts";
import { people } from "./schema.ts";

const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
const number = (name: string) => bigint(name, { mode: "number" });
const ownerId = () =>
  text("owner_id")
    .notNull()
    .references(() => people.id);
const accountId = () =>
  number("account_id")
    .notNull()
    .references(() => mailAccounts.id, { onDelete: "cascade" });

/** The mailboxes of people; their passwords are in `secrets`. See core/mail.ts for the states. */
export const mailAccounts = pgTable(
  "mail_accounts",
  {
    id: bigserial({ mode: "number" }).primaryKey(),
    ownerId: ownerId(),
    address: text().notNull(),
    login: text().notNull(),
    provider: text().$type<MailAccount["provider"]>().notNull(),
    auth: text().$type<MailAccount["auth"]>().notNull(),
    imap: jsonb().$type<MailServer>().notNull(),
    smtp: jsonb().$type<MailServer>(),
    state: text().$type<MailState>().notNull().default("active"),
    problem: text().$type<MailProblem>(),
    refusals: integer().notNull().default(0),
    retryAt: at("retry_at"),
    checkedAt: at("checked_at"),
    /** The owner was told of a trouble then. */
    noticedAt: at("noticed_at"),
    channel: jsonb().$type<Conversation>(),
    pings: boolean().notNull().default(false),
    quietFrom: integer("quiet_from"),
    quietTo: integer("quiet_to"),
    digestAt: integer("digest_at")
      .notNull()
      .default(8 * 60),
    pollMinutes: integer("poll_minutes").notNull(),
    revision: integer().notNull().default(0),
    /** Who watches it, until when. */
    leasedBy: text("leased_by"),
    leasedUntil: at("leased_until"),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [uniqueIndex("mail_accounts_address").on(table.ownerId, table.address)],
);

/** How far each folder was read: core/mail-queue.ts. */
export const mailFolders = pgTable(
  "mail_folders",
  {
    accountId: accountId(),
    path: text().notNull(),
    /** 32 bits without a sign. */
    uidValidity: number("uid_validity").notNull(),
    lastUid: number("last_uid").notNull(),
    rebaseUpTo: number("rebase_up_to").notNull().default(0),
    rebaseFrom: at("rebase_from"),
    newestAt: at("newest_at"),
    checkedAt: at("checked_at"),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.path] })],
);

/** Mails that were seen: what was told of them, and by what they are known again. */
export const mailMessages = pgTable(
  "mail_messages",
  {
    id: bigserial({ mode: "number" }).primaryKey(),
    accountId: accountId(),
    path: text().notNull(),
    uidValidity: number("uid_validity").notNull(),
    uid: number("uid").notNull(),
    fingerprint: text().notNull(),
    messageId: text("message_id"),
    fromAddress: text("from_address").notNull(),
    fromName: text("from_name").notNull(),
    subject: text().notNull(),
    snippet: text().notNull(),
    receivedAt: at("received_at").notNull(),
    sizeBytes: number("size_bytes").notNull(),
    dmarc: text().$type<Dmarc>().notNull(),
    listId: text("list_id"),
    unsubscribe: jsonb().$type<Unsubscribe>(),
    attachments: jsonb().$type<AlertedMail["attachments"]>().notNull(),
    action: text().$type<Verdict["action"]>().notNull(),
    ruleName: text("rule_name"),
    importance: text().$type<Importance>().notNull(),
    label: text(),
    prompt: text(),
    /** The digest that tells of it. */
    digestId: number("digest_id"),
    seenAt: at("seen_at").notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("mail_messages_key").on(table.accountId, table.path, table.uidValidity, table.uid),
    index("mail_messages_fingerprint").on(table.accountId, table.fingerprint),
    index("mail_messages_digest").on(table.digestId),
    index("mail_messages_seen").on(table.accountId, table.seenAt),
  ],
);

export const mailRules = pgTable(
  "mail_rules",
  {
    id: bigserial({ mode: "number" }).primaryKey(),
    ownerId: ownerId(),
    accountId: number("account_id").references(() => mailAccounts.id, { onDelete: "cascade" }),
    name: text().notNull(),
    isEnabled: boolean("is_enabled").notNull(),
    priority: integer().notNull(),
    definition: jsonb().$type<RuleDefinition>().notNull(),
    importance: text().$type<Importance>().notNull(),
    action: text().$type<MailAction>().notNull(),
    pings: boolean(),
    label: text(),
    prompt: text(),
    preset: text(),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [uniqueIndex("mail_rules_name").on(table.ownerId, table.name)],
);

/** What is told of mails, once each: by the columns of what is due, see due.ts. */
export const mailAlerts = pgTable(
  "mail_alerts",
  {
    id: bigserial({ mode: "number" }).primaryKey(),
    accountId: accountId(),
    kind: text().$type<MailAlertKind>().notNull(),
    mailId: number("mail_id").references(() => mailMessages.id, { onDelete: "cascade" }),
    problem: text().$type<MailProblem>(),
    pings: boolean().notNull(),
    dueAt: at("due_at").notNull(),
    state: text().$type<"open" | "told" | "undeliverable">().notNull().default("open"),
    leasedUntil: at("leased_until"),
    firstTriedAt: at("first_tried_at"),
    tries: integer().notNull().default(0),
    toldAt: at("told_at"),
    /** The platform's id of what was said. */
    saidAs: text("said_as"),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [
    index("mail_alerts_due")
      .on(table.dueAt)
      .where(sql`${table.state} = 'open'`),
    uniqueIndex("mail_alerts_mail").on(table.mailId),
    /** What is to come into a digest goes into the one that nobody has begun to tell. */
    uniqueIndex("mail_alerts_digest")
      .on(table.accountId)
      .where(sql`kind = 'digest' and state = 'open' and first_tried_at is null`),
    index("mail_alerts_account").on(table.accountId, table.createdAt),
  ],
);

/** What happened besides mails: for the account's owner. */
export const mailEvents = pgTable(
  "mail_events",
  {
    id: bigserial({ mode: "number" }).primaryKey(),
    accountId: accountId(),
    kind: text().$type<MailEvent["kind"]>().notNull(),
    detail: text().notNull(),
    at: at("at").notNull().defaultNow(),
  },
  (table) => [index("mail_events_account").on(table.accountId, table.id)],
);

/** See core/mail-drafts.ts for the states. */
export const mailDrafts = pgTable(
  "mail_drafts",
  {
    id: bigserial({ mode: "number" }).primaryKey(),
    accountId: accountId(),
    ownerId: ownerId(),
    to: jsonb().$type<readonly string[]>().notNull(),
    cc: jsonb().$type<readonly string[]>().notNull(),
    subject: text().notNull(),
    text: text().notNull(),
    inReplyTo: text("in_reply_to"),
    references: jsonb().$type<readonly string[]>().notNull(),
    messageId: text("message_id").notNull(),
    state: text().$type<DraftState>().notNull().default("open"),
    changedAt: at("changed_at").notNull().defaultNow(),
  },
  (table) => [index("mail_drafts_owner").on(table.ownerId)],
);

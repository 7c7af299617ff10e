import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { NewMailAccount } from "../src/core/mail.ts";
import type { JudgedMail, MailCursor, Verdict } from "../src/core/mail-queue.ts";
import { newMailRule, type MailRule } from "../src/core/mail-rules.ts";
import type { Scope } from "../src/core/principal.ts";
import type { TestStore } from "./open-test-store.ts";

export const newAccount = (change: Partial<NewMailAccount> = {}): NewMailAccount => ({
  address: "ana@example.com",
  login: "ana@example.com",
  provider: "imap",
  auth: "password",
  imap: { host: "imap.example.com", port: 993, security: "tls" },
  smtp: { host: "smtp.example.com", port: 465, security: "tls" },
  pollMinutes: 5,
  ...change,
});

export const alertNow: Verdict = {
  action: "alert",
  ruleId: null,
  ruleName: null,
  importance: "normal",
  pings: false,
  label: null,
  prompt: null,
  dueAt: new Date("2026-01-01T00:00:00Z"),
};

export const judged = (
  uid: number,
  change: Partial<JudgedMail> = {},
  verdict: Partial<Verdict> = {},
): JudgedMail => ({
  uid,
  fingerprint: createHash("sha256").update(`${change.subject}${uid}`).digest("hex"),
  messageId: `<${uid}@example.org>`,
  fromAddress: "ben@example.org",
  fromName: "Ben",
  subject: `Mail ${uid}`,
  snippet: "Hello",
  receivedAt: new Date(1_767_225_600_000 + uid * 1_000),
  sizeBytes: 1_000,
  dmarc: "pass",
  listId: null,
  unsubscribe: null,
  attachments: [],
  ...change,
  verdict: { ...alertNow, ...verdict },
});

export const privateScope = ({ principal }: Scope): Scope => ({
  principal,
  audience: { kind: "private", userId: principal.userId },
});

/** An account of whoever is the scope's person. */
export async function addAccount(
  store: Pick<TestStore, "mailAccounts">,
  scope: Scope,
  change: Partial<NewMailAccount> = {},
): Promise<number> {
  const added = await store.mailAccounts.add(privateScope(scope), newAccount(change));
  assert(added.kind === "added");
  return added.account.id;
}

/** A folder that was read up to `lastUid`. */
export async function beginFolder(
  store: Pick<TestStore, "mailQueue">,
  accountId: number,
  { uidValidity = 1, lastUid = 0 }: Partial<MailCursor> = {},
): Promise<MailCursor> {
  await store.mailQueue.begin(
    { accountId, path: "INBOX", uidValidity, lastUid, newestAt: null },
    [],
  );
  const cursor = await store.mailQueue.cursor(accountId, "INBOX");
  assert(cursor);
  return cursor;
}

export const fitsAll = (change: Partial<MailRule> = {}) =>
  newMailRule.parse({ name: "everything", definition: {}, ...change });

export interface PlantedMail {
  readonly accountId: number;
  readonly mailId: number;
  readonly alertId: number;
  readonly ruleId: number;
  readonly draftId: number;
}

/** An account with a mail that was told of, a rule and a draft; `words` in all of them. */
export async function plantMail(
  store: TestStore,
  given: Scope,
  words: string,
): Promise<PlantedMail> {
  const scope = privateScope(given);
  const accountId = await addAccount(store, scope, { address: `${words}@example.com` });
  const cursor = await beginFolder(store, accountId);
  await store.mailQueue.record(cursor, [judged(1, { subject: words, snippet: words })], 1);
  await store.mailQueue.note(accountId, { kind: "gone", detail: words });
  const saved = await store.mailRules.save(scope, fitsAll({ name: words, preset: "security" }));
  const draft = await store.mailDrafts.add(scope, {
    accountId,
    to: ["ben@example.org"],
    cc: [],
    subject: words,
    text: words,
    inReplyTo: null,
    references: [],
  });
  assert(saved.kind === "saved" && draft);
  const [row] = await store.query(
    "update mail_alerts set state = 'told', told_at = now() where account_id = $1 returning id, mail_id",
    [accountId],
  );
  return {
    accountId,
    ruleId: saved.rule.id,
    draftId: draft.id,
    alertId: Number(row?.["id"]),
    mailId: Number(row?.["mail_id"]),
  };
}

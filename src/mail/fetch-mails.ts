import { createHash } from "node:crypto";
import type { ImapFlow } from "imapflow";
import type { MailFacts } from "../core/mail-queue.ts";
import { oneLine } from "../agent/mail-words.ts";
import type { MailContent } from "./content.ts";
import { within } from "./imap.ts";
import { headOf } from "./parse-mime.ts";

/** Of a mail, as much as a rule and an alert need. */
const MAX_PEEK_BYTES = 128_000;
const CALL_MS = 60_000;
const SNIPPET_CHARS = 300;

/** A mail as the server gives it. */
export interface RawMail {
  readonly uid: number;
  readonly receivedAt: Date;
  readonly sizeBytes: number;
  /** Its first MAX_PEEK_BYTES. */
  readonly source: Uint8Array;
}

/** UIDs above `lastUid`, in order. `n:*` always brings the last mail, so that it is filtered. RFC 9051, 6.4.8. */
export async function uidsAfter(client: ImapFlow, lastUid: number): Promise<readonly number[]> {
  const query = { uid: `${lastUid + 1}:*` };
  const found = await within(client, CALL_MS, client.search(query, { uid: true }));
  return found ? found.filter((uid) => uid > lastUid).toSorted((a, b) => a - b) : [];
}

/** Those that are there of these; what is gone meanwhile is not. Read without marking anything as seen. */
export async function fetchMails(
  client: ImapFlow,
  uids: readonly number[],
  maxBytes = MAX_PEEK_BYTES,
): Promise<readonly RawMail[]> {
  const wanted = { uid: true, internalDate: true, size: true, source: { maxLength: maxBytes } };
  const call = client.fetchAll(uids.join(","), wanted, { uid: true });
  const found = await within(client, CALL_MS, call);
  const asked = new Set(uids);
  return found
    .filter(({ uid, source }) => asked.has(uid) && source !== undefined)
    .map(({ uid, internalDate, size, source }) => ({
      uid,
      receivedAt: dateOf(internalDate),
      sizeBytes: size ?? source?.length ?? 0,
      source: source ?? new Uint8Array(),
    }))
    .toSorted((a, b) => a.uid - b.uid);
}

const dateOf = (given: Date | string | undefined): Date => {
  const date = new Date(given ?? 0);
  return Number.isNaN(date.getTime()) ? new Date(0) : date;
};

/** null: what cannot be read; then its head says from whom it is. */
export function contentOf(mail: RawMail, read: MailContent | null): MailContent {
  if (read) return read;
  return {
    ...headOf(mail.source),
    hasManyFrom: false,
    replyTo: [],
    to: [],
    cc: [],
    date: null,
    messageId: null,
    inReplyTo: null,
    references: [],
    text: "(This mail cannot be read.)",
    isTextCut: false,
    hidesWords: false,
    attachments: [],
    listId: null,
    unsubscribe: null,
    dmarc: "unknown",
    isAutomatic: true,
  };
}

export const factsOf = (mail: RawMail, content: MailContent): MailFacts => ({
  uid: mail.uid,
  fingerprint: fingerprintOf(mail, content),
  messageId: content.messageId,
  fromAddress: content.from.address,
  fromName: content.from.name,
  subject: content.subject,
  snippet: snippetOf(content),
  receivedAt: mail.receivedAt,
  sizeBytes: mail.sizeBytes,
  dmarc: content.hasManyFrom ? "fail" : content.dmarc,
  listId: content.listId,
  unsubscribe: content.unsubscribe,
  attachments: content.attachments.map(({ name }) => name),
});

/** By what a mail is known again under another number. */
const fingerprintOf = (
  { sizeBytes }: RawMail,
  { messageId, date, from, subject }: MailContent,
): string =>
  createHash("sha256")
    .update(JSON.stringify([messageId, date, sizeBytes, from.address, subject]))
    .digest("base64url");

function snippetOf({ text, hidesWords }: MailContent): string {
  const words = oneLine(text, SNIPPET_CHARS + 1);
  const cut = words.length > SNIPPET_CHARS ? `${words.slice(0, SNIPPET_CHARS)}…` : words;
  return hidesWords ? `${cut} [It holds words that a reader would not see.]` : cut;
}

import type { ImapFlow, SearchObject } from "imapflow";
import type { MailAccount } from "../core/mail.ts";
import type { MailLine, MailSearch, WholeMail } from "../core/mail-desk.ts";
import type { AlertedMail } from "../core/mail-queue.ts";
import type { MailContent } from "./content.ts";
import { contentOf, factsOf, fetchMails, type RawMail } from "./fetch-mails.ts";
import { within } from "./imap.ts";
import { oneLine } from "../agent/mail-words.ts";
import { headOf } from "./parse-mime.ts";
import { readMime } from "./read-mime.ts";
import { trustedServerOf } from "./trusted-server.ts";

const CALL_MS = 30_000;
/** Of a mail that somebody reads; attachments beyond are named by their server only. */
const MAX_MAIL_BYTES = 2_000_000;
/** Of one whose attachment is wanted. */
export const MAX_WHOLE_BYTES = 30_000_000;
const MAX_HEAD_BYTES = 16_000;
const MAX_FOLDERS = 200;

/** Names, those that can be opened. */
export async function foldersOf(client: ImapFlow): Promise<readonly string[]> {
  const found = await within(client, CALL_MS, client.list());
  return found
    .filter(({ flags }) => !flags.has("\\Noselect") && !flags.has("\\NonExistent"))
    .map(({ path }) => path)
    .slice(0, MAX_FOLDERS);
}

/** Newest first. Opens the folder so that nothing in it is marked. */
export async function searchFolder(
  client: ImapFlow,
  folder: string,
  search: MailSearch,
  limit: number,
): Promise<readonly MailLine[]> {
  await within(client, CALL_MS, client.mailboxOpen(folder, { readOnly: true }));
  const found = await within(client, CALL_MS, client.search(toQuery(search), { uid: true }));
  const uids = (found || []).toSorted((a, b) => b - a).slice(0, limit);
  if (uids.length === 0) return [];
  const wanted = {
    uid: true,
    flags: true,
    internalDate: true,
    size: true,
    source: { maxLength: MAX_HEAD_BYTES },
  };
  const mails = await within(
    client,
    CALL_MS,
    client.fetchAll(uids.join(","), wanted, { uid: true }),
  );
  return mails
    .map(({ uid, flags, internalDate, size, source }) => {
      const { from, subject } = headOf(source ?? new Uint8Array());
      return {
        uid,
        from: from.name === "" ? from.address : `${from.name} <${from.address}>`,
        subject: oneLine(subject, 200),
        receivedAt: new Date(internalDate ?? 0),
        isUnread: flags?.has("\\Seen") !== true,
        sizeBytes: size ?? 0,
      };
    })
    .toSorted((a, b) => b.uid - a.uid);
}

function toQuery({ from, subject, text, after, before, unreadOnly }: MailSearch): SearchObject {
  const query: SearchObject = {
    ...(from === undefined ? {} : { from }),
    ...(subject === undefined ? {} : { subject }),
    ...(text === undefined ? {} : { text }),
    ...(after === undefined ? {} : { since: after }),
    ...(before === undefined ? {} : { before }),
    ...(unreadOnly === true ? { seen: false } : {}),
  };
  return Object.keys(query).length === 0 ? { all: true } : query;
}

/** null when it is not there. */
export async function readUid(
  client: ImapFlow,
  account: MailAccount,
  { folder, uid }: { readonly folder: string; readonly uid: number },
  signal: AbortSignal,
): Promise<WholeMail | null> {
  await within(client, CALL_MS, client.mailboxOpen(folder, { readOnly: true }));
  const [mail] = await fetchMails(client, [uid], MAX_MAIL_BYTES);
  return mail ? toWhole(mail, await contentAt(account, mail, signal)) : null;
}

/** By its number, or, when the folder was numbered anew meanwhile, by what it is. Gives its number now. */
export async function findAlerted(
  client: ImapFlow,
  account: MailAccount,
  mail: AlertedMail,
  { signal, isToChange }: { readonly signal: AbortSignal; readonly isToChange: boolean },
): Promise<{ readonly uid: number; readonly whole: WholeMail } | null> {
  const box = await within(
    client,
    CALL_MS,
    client.mailboxOpen(mail.path, { readOnly: !isToChange }),
  );
  const uids =
    Number(box.uidValidity) === mail.uidValidity ? [mail.uid] : await uidsLike(client, mail);
  for (const found of await fetchMails(client, uids, MAX_MAIL_BYTES)) {
    const content = await contentAt(account, found, signal);
    if (isSame(mail, found, content)) return { uid: found.uid, whole: toWhole(found, content) };
  }
  return null;
}

const MAX_LIKE = 20;

async function uidsLike(client: ImapFlow, { messageId }: AlertedMail): Promise<readonly number[]> {
  if (messageId === null) return [];
  const query = { header: { "message-id": messageId } };
  const found = await within(client, CALL_MS, client.search(query, { uid: true }));
  return (found || []).slice(-MAX_LIKE);
}

/** A number alone proves nothing: what is behind it has to be what was told of. */
const isSame = (told: AlertedMail, found: RawMail, content: MailContent): boolean =>
  factsOf(found, content).fingerprint === told.fingerprint ||
  (content.messageId !== null && content.messageId === told.messageId);

async function contentAt(
  account: MailAccount,
  mail: RawMail,
  signal: AbortSignal,
): Promise<MailContent> {
  const [read] = await readMime([mail.source], trustedServerOf(account), signal);
  return contentOf(mail, read ?? null);
}

/** The newest, read, for a rule that is tried. */
export async function newestMails(
  client: ImapFlow,
  account: MailAccount,
  howMany: number,
  signal: AbortSignal,
): Promise<readonly { readonly mail: RawMail; readonly content: MailContent }[]> {
  const box = await within(client, CALL_MS, client.mailboxOpen("INBOX", { readOnly: true }));
  if (box.exists === 0) return [];
  const seq = `${Math.max(1, box.exists - howMany + 1)}:${box.exists}`;
  const uids = (await within(client, CALL_MS, client.search({ seq }, { uid: true }))) || [];
  const mails = await fetchMails(client, uids.slice(-howMany));
  const contents = await readMime(
    mails.map(({ source }) => source),
    trustedServerOf(account),
    signal,
  );
  return mails.map((mail, index) => ({ mail, content: contentOf(mail, contents[index] ?? null) }));
}

const toWhole = ({ receivedAt, sizeBytes }: RawMail, content: MailContent): WholeMail => ({
  ...content,
  receivedAt,
  isTextCut: content.isTextCut || sizeBytes > MAX_MAIL_BYTES,
  dmarc: content.hasManyFrom ? "fail" : content.dmarc,
});

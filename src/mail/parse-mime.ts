import PostalMime, { type Address, type Email } from "postal-mime";
import { withoutHidden } from "../agent/data-marks.ts";
import { oneLine } from "../agent/mail-words.ts";
import {
  MAX_ADDRESSES,
  MAX_ATTACHMENTS,
  MAX_SUBJECT_CHARS,
  MAX_TEXT_CHARS,
  type MailContent,
  type MailPerson,
} from "./content.ts";
import { toText } from "./html-text.ts";
import {
  dmarcOf,
  isAutomatic,
  listIdOf,
  messageIdsIn,
  unsubscribeOf,
  valueOf,
  type TrustedServer,
} from "./mail-headers.ts";

const MAX_NAME_CHARS = 200;
const MAX_ADDRESS_CHARS = 320;
/** Parts within parts; deeper ones are nobody's letter. */
const MAX_DEPTH = 256;

const OPTIONS = {
  maxNestingDepth: MAX_DEPTH,
  forceRfc822Attachments: true,
  attachmentEncoding: "arraybuffer",
} as const;

/** What stands in a mail. Throws when it is no mail that can be read. */
export async function parseMime(source: Uint8Array, trusted: TrustedServer): Promise<MailContent> {
  const email = await PostalMime.parse(source, OPTIONS);
  const { headers } = email;
  const { text, hidesWords } = wordsOf(email);
  const [from = { name: "", address: "" }] = peopleOf(email.from ? [email.from] : []);
  const plain = withoutHidden(text);
  return {
    from,
    hasManyFrom: headers.filter(({ key }) => key === "from").length > 1,
    replyTo: peopleOf(email.replyTo ?? []),
    to: peopleOf(email.to ?? []),
    cc: peopleOf(email.cc ?? []),
    subject: oneLine(email.subject ?? "", MAX_SUBJECT_CHARS),
    date: dateOf(email.date),
    messageId: messageIdsIn(email.messageId ?? null)[0] ?? null,
    inReplyTo: messageIdsIn(email.inReplyTo ?? null)[0] ?? null,
    references: [...messageIdsIn(email.references ?? null)],
    text: plain.slice(0, MAX_TEXT_CHARS),
    isTextCut: plain.length > MAX_TEXT_CHARS,
    hidesWords,
    attachments: email.attachments.slice(0, MAX_ATTACHMENTS).map((part) => ({
      name: attachmentName(part.filename, part.mimeType),
      contentType: part.mimeType.slice(0, 100),
      sizeBytes: sizeOf(part.content),
    })),
    listId: listIdOf(headers),
    unsubscribe: unsubscribeOf(headers),
    dmarc: dmarcOf(headers, trusted),
    isAutomatic: isAutomatic(headers),
  };
}

/** The bytes of one attachment, by its place in the mail; null when there is none. */
export async function attachmentAt(
  source: Uint8Array,
  index: number,
): Promise<{ name: string; contentType: string; content: Uint8Array } | null> {
  const { attachments } = await PostalMime.parse(source, OPTIONS);
  const part = attachments[index];
  if (!part || typeof part.content === "string") return null;
  return {
    name: attachmentName(part.filename, part.mimeType),
    contentType: part.mimeType,
    content: new Uint8Array(part.content),
  };
}

/** What stands beside the mail of a reader who shows HTML may be another story: what the sender meant for eyes is taken. */
function wordsOf({ html, text }: Email): { text: string; hidesWords: boolean } {
  if (html === undefined) return { text: text ?? "", hidesWords: false };
  const seen = toText(html, MAX_TEXT_CHARS + 1);
  if (seen.text === "" && text !== undefined) return { text, hidesWords: seen.hidesWords };
  return seen;
}

const peopleOf = (addresses: readonly Address[]): MailPerson[] =>
  addresses
    .flatMap((each) => (each.group === undefined ? [each] : each.group))
    .slice(0, MAX_ADDRESSES)
    .map(({ name, address }) => ({
      name: oneLine(name, MAX_NAME_CHARS),
      address: oneLine(address, MAX_ADDRESS_CHARS).toLowerCase(),
    }));

/** A name that is a name: no folders, nothing that turns it round. */
const attachmentName = (given: string | null, mimeType: string): string => {
  const name = oneLine((given ?? "").replace(/^.*[/\\]/s, ""), MAX_NAME_CHARS);
  if (name !== "" && !/^\.+$/.test(name)) return name;
  return mimeType === "message/rfc822" ? "attached mail" : "without a name";
};

const sizeOf = (content: ArrayBuffer | Uint8Array | string): number =>
  typeof content === "string" ? content.length : content.byteLength;

function dateOf(given: string | undefined): string | null {
  const time = Date.parse(given ?? "");
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** Enough to say from whom it came, when the rest cannot be read: the head by lines, without decoding. */
export function headOf(source: Uint8Array): Pick<MailContent, "from" | "subject"> {
  const head = Buffer.from(source.subarray(0, 64_000))
    .toString("latin1")
    .split(/\r?\n\r?\n/, 1)[0];
  const headers = (head ?? "")
    .replace(/\r?\n[ \t]+/g, " ")
    .split(/\r?\n/)
    .flatMap((line) => {
      const [, key, value] = /^([!-9;-~]{1,100}):(.*)$/.exec(line) ?? [];
      return key === undefined ? [] : [{ key: key.toLowerCase(), value: (value ?? "").trim() }];
    });
  const from = valueOf(headers, "from") ?? "";
  const address = /<([^<>\s]+@[^<>\s]+)>/.exec(from)?.[1] ?? /\S+@\S+/.exec(from)?.[0] ?? "";
  return {
    from: {
      name: oneLine(from.replace(/<.*/, "").replaceAll('"', ""), MAX_NAME_CHARS),
      address: oneLine(address, MAX_ADDRESS_CHARS).toLowerCase(),
    },
    subject: oneLine(valueOf(headers, "subject") ?? "", MAX_SUBJECT_CHARS),
  };
}

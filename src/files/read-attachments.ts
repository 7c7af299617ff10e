import type { AttachmentReader, AttachmentSource } from "../core/files.ts";
import type { Log } from "../core/log.ts";
import type { Attachment } from "../core/message.ts";
import type { ContentPart } from "../core/model.ts";
import { asError } from "../lib/as-error.ts";
import { readPdf, toPages } from "../lib/read-pdf.ts";
import { kindOf } from "./kinds.ts";
import { toImage } from "./to-image.ts";

const MB = 1_024 * 1_024;
const MAX_IMAGE_BYTES = 20 * MB;
const MAX_PDF_BYTES = 20 * MB;
const MAX_TEXT_BYTES = MB;
const MAX_PDF_PAGES = 50;
/** Of one question. */
const MAX_ATTACHMENTS = 10;
/** Of one file, and of all together. */
const MAX_TEXT_CHARS = 100_000;
const MAX_ALL_CHARS = 200_000;
/** Read side by side: each may take a good deal of memory. */
const MAX_PARALLEL = 2;

const LIMITS = { image: MAX_IMAGE_BYTES, pdf: MAX_PDF_BYTES, text: MAX_TEXT_BYTES } as const;

/** Images as images, texts and PDFs as words with their name above; what cannot be read as words that say why. */
export function createAttachmentReader({ log }: { readonly log: Log }): AttachmentReader {
  async function one(
    source: AttachmentSource | null,
    attachment: Attachment,
    signal: AbortSignal,
  ): Promise<readonly ContentPart[]> {
    const { name, contentType, sizeBytes } = attachment;
    const kind = kindOf(name, contentType);
    if (kind === "other") return unread(attachment, "I read images, texts, code and PDF files");
    const maxBytes = LIMITS[kind];
    const tooLarge = `it has ${inMb(sizeBytes)}, and the limit is ${inMb(maxBytes)}`;
    if (sizeBytes > maxBytes) return unread(attachment, tooLarge);
    if (source === null) return unread(attachment, "files cannot be fetched from here");
    const fetched = await source.fetch(attachment, maxBytes, signal);
    if (fetched.kind === "gone") return unread(attachment, "it is not there any more");
    if (fetched.kind === "too-large") return unread(attachment, tooLarge);
    return read(attachment, kind, fetched.bytes, signal);
  }

  return {
    async read(source, attachments, signal) {
      const parts: ContentPart[][] = [];
      const taken = attachments.slice(0, MAX_ATTACHMENTS);
      for (let first = 0; first < taken.length; first += MAX_PARALLEL) {
        const some = taken.slice(first, first + MAX_PARALLEL).map(async (attachment) => {
          try {
            return await one(source, attachment, signal);
          } catch (error) {
            signal.throwIfAborted();
            log.warn({ attachmentId: attachment.id, error: asError(error) }, "attachment-unread");
            return unread(attachment, "it could not be fetched");
          }
        });
        parts.push(...(await Promise.all(some)).map((each) => [...each]));
      }
      return withinAll(parts.flat());
    },
  };
}

async function read(
  attachment: Attachment,
  kind: keyof typeof LIMITS,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<readonly ContentPart[]> {
  switch (kind) {
    case "image": {
      const image = await toImage(bytes);
      return image.kind === "image"
        ? [text(`[image: ${plain(attachment.name)}]`), image.part]
        : unread(attachment, image.why);
    }
    case "pdf": {
      const pdf = await readPdf(bytes, signal);
      if (pdf === null) return unread(attachment, "it cannot be read as a PDF, or takes too long");
      const pages = pdf.pages.slice(0, MAX_PDF_PAGES);
      if (pages.every((page) => page.trim() === ""))
        return unread(attachment, "it holds pictures and no words");
      const left = pdf.totalPages - pages.length;
      const rest = left > 0 ? `\n\n[${left} more pages left out]` : "";
      return words(attachment, toPages(pages) + rest);
    }
    case "text": {
      const decoded = decode(bytes);
      return decoded === null ? unread(attachment, "it holds no text") : words(attachment, decoded);
    }
  }
}

/** UTF-8 and UTF-16 with their marks; null for what is no text. */
function decode(bytes: Uint8Array): string | null {
  const isUtf16 =
    (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (!isUtf16 && bytes.subarray(0, 8_192).includes(0)) return null;
  const encoding = isUtf16 ? (bytes[0] === 0xff ? "utf-16le" : "utf-16be") : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

const text = (words: string): ContentPart => ({ type: "text", text: words });

const words = (attachment: Attachment, content: string): readonly ContentPart[] => {
  const cut =
    content.length > MAX_TEXT_CHARS
      ? `${content.slice(0, MAX_TEXT_CHARS)}\n[cut: ${content.length - MAX_TEXT_CHARS} more characters]`
      : content;
  return [text(`[file: ${plain(attachment.name)}]\n${cut}\n[end of file]`)];
};

const unread = ({ name }: Attachment, why: string): readonly ContentPart[] => [
  text(`[file ${plain(name)} was not read: ${why}]`),
];

/** A name says nothing beyond itself: no brackets, no line ends, no marks that turn text around. */
const plain = (name: string): string =>
  name.replace(/[\p{C}[\]\n]/gu, "").slice(0, 100) || "without a name";

const inMb = (bytes: number): string => `${(bytes / MB).toFixed(bytes < 10 * MB ? 1 : 0)} MB`;

/** The first files have the room. */
function withinAll(parts: readonly ContentPart[]): readonly ContentPart[] {
  let left = MAX_ALL_CHARS;
  return parts.map((part) => {
    if (part.type !== "text") return part;
    const kept = part.text.slice(0, Math.max(left, 0));
    left -= part.text.length;
    return kept.length === part.text.length
      ? part
      : text(`${kept}\n[cut: the files are too long together]`);
  });
}

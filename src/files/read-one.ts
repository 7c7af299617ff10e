import type { Attachment } from "../core/message.ts";
import type { ContentPart } from "../core/model.ts";
import { readPdf, toPages } from "../lib/read-pdf.ts";
import { decodeText } from "./decode-text.ts";
import type { FileKind } from "./kinds.ts";
import { plainName } from "./plain-name.ts";
import { readOffice } from "./read-office.ts";
import { toImage, type ImageLimits } from "./to-image.ts";
import { text, unread, words } from "./words-of.ts";

const MB = 1_024 * 1_024;
const MAX_IMAGE_BYTES = 20 * MB;
const MAX_TEXT_BYTES = 4 * MB;
const MAX_PDF_PAGES = 50;
/** Of the room for a table, what its rows may take; the rest is for titles, headings and notes. */
const ROWS_SHARE = 0.9;

/** The operator's, since they decide what a question costs. */
export interface ReadingLimits extends ImageLimits {
  /** Characters of one text, table or document. */
  readonly maxTextChars: number;
  /** Bytes of a PDF, a document, a table or an archive. */
  readonly maxDocumentBytes: number;
}

type ReadableKind = Exclude<FileKind, "sound" | "legacy" | "other">;

/** What is fetched of a kind at most. */
export const maxBytesOf = (kind: ReadableKind, { maxDocumentBytes }: ReadingLimits): number => {
  if (kind === "image") return MAX_IMAGE_BYTES;
  return kind === "text" ? MAX_TEXT_BYTES : maxDocumentBytes;
};

interface Job {
  readonly kind: ReadableKind;
  readonly bytes: Uint8Array;
  readonly limits: ReadingLimits;
  /** Rows of a table, pages of a PDF, characters of everything else. */
  readonly skip: number;
}

/** What is in a file whose kind is known, or words that say why it cannot be told. */
export async function readOne(
  attachment: Attachment,
  { kind, bytes, limits, skip }: Job,
  signal: AbortSignal,
): Promise<readonly ContentPart[]> {
  const maxChars = limits.maxTextChars;
  switch (kind) {
    case "image": {
      const image = await toImage(bytes, limits);
      return image.kind === "image"
        ? [text(`[image: ${plainName(attachment.name)}]`), image.part]
        : unread(attachment, image.why);
    }
    case "pdf": {
      const pdf = await readPdf(bytes, signal);
      if (pdf === null) return unread(attachment, "it cannot be read as a PDF, or takes too long");
      if (pdf.pages.every((page) => page.trim() === ""))
        return unread(attachment, "it holds pictures and no words");
      const pages = pdf.pages.slice(skip, skip + MAX_PDF_PAGES);
      const left = pdf.totalPages - skip - pages.length;
      const rest = left > 0 ? `\n\n[${left} more pages left out]` : "";
      return words(attachment, toPages(pages, skip) + rest, { skip: 0, maxChars });
    }
    case "text": {
      const decoded = decodeText(bytes);
      return decoded === null
        ? unread(attachment, "it holds no text")
        : words(attachment, decoded, { skip, maxChars });
    }
    case "docx":
    case "xlsx":
    case "odt":
    case "ods":
    case "csv":
    case "zip": {
      const found = await readOffice(
        { format: kind, bytes, skip, maxChars: Math.floor(maxChars * ROWS_SHARE) },
        signal,
      );
      if (found === null) return unread(attachment, cannotBeOpened(bytes, kind));
      if (found.kind === "refused") return unread(attachment, found.why);
      if (found.text.trim() === "") return unread(attachment, "it holds no words");
      const hasRows = kind === "xlsx" || kind === "ods" || kind === "csv";
      return words(attachment, found.text, { skip: hasRows ? 0 : skip, maxChars });
    }
  }
}

/** What Office seals with a password, and what older programs wrote, begins so. */
const COMPOUND_FILE = Buffer.from("d0cf11e0a1b11ae1", "hex");

const cannotBeOpened = (bytes: Uint8Array, kind: string): string =>
  COMPOUND_FILE.equals(bytes.subarray(0, COMPOUND_FILE.length))
    ? "it has a password, or is of a format of before 2007; save it without a password, as .docx or .xlsx"
    : `it cannot be read as ${kind.toUpperCase()}, or takes too long`;

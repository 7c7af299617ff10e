import type { AttachmentReader, AttachmentSource } from "../core/files.ts";
import type { Log } from "../core/log.ts";
import type { Attachment } from "../core/message.ts";
import type { ContentPart } from "../core/model.ts";
import { asError } from "../lib/as-error.ts";
import { kindOf } from "./kinds.ts";
import { maxBytesOf, readOne, type ReadingLimits } from "./read-one.ts";
import { text, unread } from "./words-of.ts";

const MB = 1_024 * 1_024;
/** Of one question. */
const MAX_ATTACHMENTS = 10;
/** All files of a question may have as much as so many of the largest. */
const LARGEST_TOGETHER = 2;
/** Read side by side: each may take a good deal of memory. */
const MAX_PARALLEL = 2;

const READABLE =
  "I read images, texts, code, PDF, Word (.docx), Excel (.xlsx), OpenDocument (.odt, .ods), CSV and ZIP files";
const LEGACY =
  "it is in Word's or Excel's format of before 2007; open it there and save it as .docx or .xlsx";

/** Images as images, texts and documents as words with their name above; what cannot be read as words that say why. */
export function createAttachmentReader(
  { log }: { readonly log: Log },
  limits: ReadingLimits,
): AttachmentReader {
  async function one(
    source: AttachmentSource | null,
    attachment: Attachment,
    signal: AbortSignal,
    skip: number,
  ): Promise<readonly ContentPart[]> {
    const { name, contentType, sizeBytes } = attachment;
    const kind = kindOf(name, contentType);
    if (kind === "legacy") return unread(attachment, LEGACY);
    if (kind === "sound")
      return unread(attachment, "sound is heard only in the message it came with");
    if (kind === "other") return unread(attachment, READABLE);
    const maxBytes = maxBytesOf(kind, limits);
    const tooLarge = `it has ${inMb(sizeBytes)}, and the limit is ${inMb(maxBytes)}`;
    if (sizeBytes > maxBytes) return unread(attachment, tooLarge);
    if (source === null) return unread(attachment, "files cannot be fetched from here");
    const fetched = await source.fetch(attachment, maxBytes, signal);
    if (fetched.kind === "gone") return unread(attachment, "it is not there any more");
    if (fetched.kind === "too-large") return unread(attachment, tooLarge);
    return readOne(attachment, { kind, bytes: fetched.bytes, limits, skip }, signal);
  }

  return {
    async read(source, attachments, signal, skip = 0) {
      const parts: ContentPart[][] = [];
      const taken = attachments.slice(0, MAX_ATTACHMENTS);
      for (let first = 0; first < taken.length; first += MAX_PARALLEL) {
        const some = taken.slice(first, first + MAX_PARALLEL).map(async (attachment) => {
          try {
            return await one(source, attachment, signal, skip);
          } catch (error) {
            signal.throwIfAborted();
            log.warn({ attachmentId: attachment.id, error: asError(error) }, "attachment-unread");
            return unread(attachment, "it could not be fetched");
          }
        });
        parts.push(...(await Promise.all(some)).map((each) => [...each]));
      }
      return withinAll(parts.flat(), limits.maxTextChars * LARGEST_TOGETHER);
    },
  };
}

const inMb = (bytes: number): string => `${(bytes / MB).toFixed(bytes < 10 * MB ? 1 : 0)} MB`;

/** The first files have the room. */
function withinAll(parts: readonly ContentPart[], maxChars: number): readonly ContentPart[] {
  let left = maxChars;
  return parts.map((part) => {
    if (part.type !== "text") return part;
    const kept = part.text.slice(0, Math.max(left, 0));
    left -= part.text.length;
    return kept.length === part.text.length
      ? part
      : text(`${kept}\n[cut: the files are too long together]`);
  });
}

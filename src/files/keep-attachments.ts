import type { AttachmentSource, FileStore, SaidAttachment } from "../core/files.ts";
import type { Log } from "../core/log.ts";
import type { Scope } from "../core/principal.ts";
import { asError } from "../lib/as-error.ts";

interface Deps {
  readonly files: FileStore;
  readonly log: Log;
}

/**
 * A source that fetches each attachment once: what the asker gave is kept in the store and read from there afterwards,
 * also when the platform has it no more. What others gave is theirs to keep, and is only looked at.
 */
export function keepAttachments(
  { files, log }: Deps,
  scope: Scope,
  source: AttachmentSource,
  attachments: readonly SaidAttachment[],
): AttachmentSource {
  const { platform, userId } = scope.principal;
  const own = new Set(
    attachments.filter(({ authorId }) => authorId === userId).map(({ id }) => id),
  );
  return {
    async fetch(attachment, maxBytes, signal) {
      const { id, name } = attachment;
      const origin = `${platform}:${id}`;
      const kept = await files.read(scope, { by: "origin", origin });
      signal.throwIfAborted();
      if (kept)
        return kept.content.length > maxBytes
          ? { kind: "too-large" }
          : { kind: "fetched", bytes: kept.content };
      const fetched = await source.fetch(attachment, maxBytes, signal);
      // Who deletes the question meanwhile does not want it kept.
      signal.throwIfAborted();
      if (fetched.kind !== "fetched" || !own.has(id)) return fetched;
      try {
        const contentType = attachment.contentType ?? "application/octet-stream";
        const saved = await files.save(scope, {
          name,
          contentType,
          content: fetched.bytes,
          origin,
        });
        if (saved.kind !== "saved")
          log.info({ attachmentId: id, kind: saved.kind }, "file-not-kept");
      } catch (error) {
        // The question can be answered all the same.
        log.warn({ attachmentId: id, error: asError(error) }, "file-not-kept");
      }
      return fetched;
    },
  };
}

import type { Attachment } from "./message.ts";
import type { ContentPart } from "./model.ts";

export type Fetched =
  | { readonly kind: "fetched"; readonly bytes: Uint8Array }
  /** More than was asked for. */
  | { readonly kind: "too-large" }
  /** The platform has it no more, or it is not the platform's. */
  | { readonly kind: "gone" };

/** Where the bytes of a message's attachments come from. Throws when the platform cannot be reached. */
export interface AttachmentSource {
  readonly fetch: (
    attachment: Attachment,
    maxBytes: number,
    signal: AbortSignal,
  ) => Promise<Fetched>;
}

/** What a model gets of attachments. Whatever cannot be read becomes words that say why. */
export interface AttachmentReader {
  readonly read: (
    source: AttachmentSource | null,
    attachments: readonly Attachment[],
    signal: AbortSignal,
  ) => Promise<readonly ContentPart[]>;
}

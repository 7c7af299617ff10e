import { contentTypeOf } from "../world/content-type.ts";
import type { Upload } from "../world/model.ts";

/** A file as a test gives it; a string is UTF-8. */
export interface ActorFile {
  readonly name: string;
  readonly bytes: Uint8Array | string;
  /** By the name unless told. */
  readonly type?: string;
  /** Recorded as a voice message that lasts so long. */
  readonly voiceSecs?: number;
}

/** The file number `index` of a message. */
export function toUpload({ name, bytes, type }: ActorFile, index = 0): Upload {
  return {
    key: String(index),
    filename: name,
    contentType: contentTypeOf(name, type),
    bytes: typeof bytes === "string" ? Buffer.from(bytes) : bytes,
  };
}

import type { MessageId, UserId } from "./ids.ts";
import type { Attachment } from "./message.ts";
import type { ContentPart } from "./model.ts";
import type { Scope } from "./principal.ts";
import type { StepCost } from "./turn.ts";

/** With who said it: a file belongs to whoever gave it. */
export interface SaidAttachment extends Attachment {
  readonly authorId: string;
  readonly messageId: MessageId;
}

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
    /** Rows of a table, pages of a PDF, characters of everything else; 0 when not said. */
    skip?: number,
  ) => Promise<readonly ContentPart[]>;
}

export interface Sound {
  readonly name: string;
  readonly contentType: string | null;
  readonly bytes: Uint8Array;
  /** null when nobody said. */
  readonly seconds: number | null;
}

export type Transcribed =
  /** `text` is "" when nobody speaks. */
  | { readonly kind: "heard"; readonly text: string; readonly cost: StepCost }
  /**
   * `why`: in words for people, what stands in the way. `status`: of a service that did not do its work, 0 when it gave
   * none; not there when it lies with the sound.
   */
  | { readonly kind: "refused"; readonly why: string; readonly status?: number };

/** Speech as words. Throws the signal's own reason, and what is no fault of the service. */
export interface Transcriber {
  readonly transcribe: (sound: Sound, signal: AbortSignal) => Promise<Transcribed>;
}

/** What came of the sound among the attachments of a question. */
export interface Listened {
  /** True when messages have words now that they did not have before. */
  readonly isChanged: boolean;
  /** What is no sound, and is to be read. */
  readonly rest: readonly SaidAttachment[];
  /** The words of recordings, and why something was not heard. */
  readonly parts: readonly ContentPart[];
}

/** A file that somebody keeps. */
export interface StoredFile {
  readonly id: string;
  readonly owner: UserId;
  readonly name: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly savedAt: Date;
}

export interface NewFile {
  readonly name: string;
  readonly contentType: string;
  readonly content: Uint8Array;
  /** The attachment that it was, `discord:123`; null for others. */
  readonly origin: string | null;
}

export type Saved =
  | { readonly kind: "saved"; readonly file: StoredFile }
  | { readonly kind: "too-large"; readonly maxBytes: number }
  /** The person keeps too much already. */
  | { readonly kind: "full"; readonly quotaBytes: number };

/** Which file: of several of one name the newest. */
export type FileKey =
  | { readonly by: "id"; readonly id: string }
  | { readonly by: "name"; readonly name: string }
  | { readonly by: "origin"; readonly origin: string };

/** The files of people. What is saved may be read by the audience of the place, and removed by its owner. */
export interface FileStore {
  /** Every file of the scope's principal, in all places. Gives how many. */
  readonly forgetAll: (scope: Scope) => Promise<number>;
  /** An older file of the same owner, place and name makes room. The name is made harmless first. */
  readonly save: (scope: Scope, file: NewFile) => Promise<Saved>;
  /** The newest 200 that this audience may read, newest first. */
  readonly list: (scope: Scope) => Promise<readonly StoredFile[]>;
  /** null when there is none that this audience may read, or its bytes are gone. */
  readonly read: (
    scope: Scope,
    key: FileKey,
  ) => Promise<{ readonly file: StoredFile; readonly content: Uint8Array } | null>;
  /** Only one's own. False when there is none. */
  readonly remove: (scope: Scope, key: FileKey) => Promise<boolean>;
}

/** The rows of files. Bytes are put after the row is there, and removed before it goes. */
export interface FileIndex {
  /** Of the scope's principal, in all places. */
  readonly own: (scope: Scope) => Promise<readonly StoredFile[]>;
  /** False when the person would keep more than `quotaBytes` then. */
  readonly add: (
    scope: Scope,
    file: Omit<StoredFile, "owner" | "savedAt"> & { readonly origin: string | null },
    quotaBytes: number,
  ) => Promise<boolean>;
  /** Its bytes are there: it may be read now. False when it was to be removed meanwhile. */
  readonly arrived: (scope: Scope, id: string) => Promise<boolean>;
  /** Rows of which nobody may read the bytes: what belonged to a deleted message, and what never came within an hour. */
  readonly leftOver: (limit: number) => Promise<readonly string[]>;
  /** Rows of this kind, whose bytes are gone. */
  readonly drop: (ids: readonly string[]) => Promise<void>;
  /** What this audience may read, newest first. `key`: null for all. */
  readonly find: (
    scope: Scope,
    key: FileKey | null,
    limit: number,
  ) => Promise<readonly StoredFile[]>;
  /** Those of the scope's principal among them. */
  readonly remove: (scope: Scope, ids: readonly string[]) => Promise<void>;
}

/** Where the bytes are, by the row's id. */
export interface Blobs {
  readonly put: (id: string, content: Uint8Array) => Promise<void>;
  /** null when there is nothing. */
  readonly get: (id: string) => Promise<Uint8Array | null>;
  /** Resolves also when there was nothing. */
  readonly remove: (id: string) => Promise<void>;
}

import { setTimeout } from "node:timers/promises";
import type { Budgets } from "../agent/budgets.ts";
import type { TurnDeps } from "../agent/run-turn.ts";
import type { Config } from "../config.ts";
import type {
  Blobs,
  AttachmentSource,
  FileIndex,
  FileStore,
  SaidAttachment,
} from "../core/files.ts";
import type { Log } from "../core/log.ts";
import type { Platform } from "../core/principal.ts";
import type { Service } from "../core/service.ts";
import type { Tool } from "../core/tool.ts";
import type { Turn } from "../core/turn.ts";
import {
  createAttachmentReader,
  createDiskBlobs,
  createFileClearing,
  createFileStore,
  createListener,
  createS3Blobs,
  keepAttachments,
} from "../files/index.ts";
import { createTranscriber } from "../llm/transcriber.ts";
import type { Store } from "../store/index.ts";
import { fileTools } from "../tools/files/all.ts";

export interface Files {
  readonly store: FileStore;
  readonly tools: readonly Tool[];
  readonly clearing: Service;
  /** What the model gets of attachments, from wherever their place has them. */
  readonly reading: (
    sources: ReadonlyMap<Platform, AttachmentSource>,
  ) => Required<Pick<TurnDeps, "readAttachments" | "listen">>;
}

interface Deps {
  readonly index: FileIndex;
  readonly createId: () => string;
  readonly log: Log;
  readonly spokenWords: Store["spokenWords"];
  readonly ledger: Pick<Store["ledger"], "charge">;
  readonly budgets: Pick<Budgets, "allow">;
}

type FilesConfig = Pick<Config, "files" | "reading" | "limits" | "speech">;

/** For the marks around what is read of a file. */
const MARKS_CHARS = 250;

/** The files of people: kept, read by the model, and worked on by tools. */
export function openFiles(
  { index, createId, log: all, spokenWords, ledger, budgets }: Deps,
  { files: settings, reading, limits, speech }: FilesConfig,
): Files {
  const log = all.child({ room: "files" });
  const blobs = openBlobs(settings);
  const files = createFileStore({ index, blobs, createId, log }, settings);
  const reader = createAttachmentReader({ log }, reading);
  // What a tool gives is cut again: it gets as much as it may keep, so that one can read on without a gap.
  const maxTextChars = Math.min(reading.maxTextChars, limits.maxToolResultChars - MARKS_CHARS);
  const toolReader = createAttachmentReader({ log }, { ...reading, maxTextChars });
  const transcriber = speech && createTranscriber({ fetch: globalThis.fetch }, speech);
  const listen = createListener(
    {
      transcriber,
      spokenWords,
      charge: ledger.charge,
      allow: budgets.allow,
      log,
    },
    { maxSeconds: speech?.maxSeconds ?? 0, maxChars: reading.maxTextChars },
  );
  return {
    store: files,
    clearing: createFileClearing({ index, blobs, log }),
    tools: fileTools({ files, reader: toolReader }),
    reading: (sources) => {
      const sourceOf = ({ conversation, scope }: Turn, attachments: readonly SaidAttachment[]) => {
        const source = sources.get(conversation.platform) ?? null;
        return source && keepAttachments({ files, log }, scope, source, attachments);
      };
      return {
        readAttachments: (turn, attachments, signal) =>
          reader.read(sourceOf(turn, attachments), attachments, signal),
        listen: (turn, attachments, signal) =>
          listen(sourceOf(turn, attachments), turn, attachments, signal),
      };
    },
  };
}

/** Where the bytes of files are by these settings. */
export const openBlobs = ({ s3, dir }: Pick<Config["files"], "s3" | "dir">): Blobs =>
  s3 === null
    ? createDiskBlobs(dir)
    : createS3Blobs({ fetch: globalThis.fetch, sleep: setTimeout }, s3);

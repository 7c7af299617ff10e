import type { TurnDeps } from "../agent/run-turn.ts";
import type { Config } from "../config.ts";
import type { AttachmentSource, FileIndex, FileStore } from "../core/files.ts";
import type { Log } from "../core/log.ts";
import type { Platform } from "../core/principal.ts";
import type { Tool } from "../core/tool.ts";
import {
  createAttachmentReader,
  createDiskBlobs,
  createFileStore,
  keepAttachments,
} from "../files/index.ts";
import { fileTools } from "../tools/files/all.ts";

export interface Files {
  readonly store: FileStore;
  readonly tools: readonly Tool[];
  /** What the model gets of attachments, from wherever their place has them. */
  readonly reading: (
    sources: ReadonlyMap<Platform, AttachmentSource>,
  ) => TurnDeps["readAttachments"];
}

interface Deps {
  readonly index: FileIndex;
  readonly createId: () => string;
  readonly log: Log;
}

/** For the marks around what is read of a file. */
const MARKS_CHARS = 250;

/** The files of people: kept, read by the model, and worked on by tools. */
export function openFiles(
  { index, createId, log: all }: Deps,
  { files: settings, reading, limits }: Pick<Config, "files" | "reading" | "limits">,
): Files {
  const log = all.child({ room: "files" });
  const blobs = createDiskBlobs(settings.dir);
  const files = createFileStore({ index, blobs, createId, log }, settings);
  const reader = createAttachmentReader({ log }, reading);
  // What a tool gives is cut again: it gets as much as it may keep, so that one can read on without a gap.
  const maxTextChars = Math.min(reading.maxTextChars, limits.maxToolResultChars - MARKS_CHARS);
  const toolReader = createAttachmentReader({ log }, { ...reading, maxTextChars });
  return {
    store: files,
    tools: fileTools({ files, reader: toolReader }),
    reading:
      (sources) =>
      ({ conversation, scope }, attachments, signal) => {
        const source = sources.get(conversation.platform) ?? null;
        const keeping = source && keepAttachments({ files, log }, scope, source, attachments);
        return reader.read(keeping, attachments, signal);
      },
  };
}

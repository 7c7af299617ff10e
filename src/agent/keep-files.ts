import type { FileStore } from "../core/files.ts";
import type { OutgoingPart, RenderedPart } from "../core/outlet.ts";
import type { Scope } from "../core/principal.ts";
import type { ToolFile } from "../core/tool.ts";
import type { KeptFile } from "../core/turn.ts";

const MB = 1_024 * 1_024;
/** Of one answer: what a message of Discord's takes. */
const MAX_FILES = 10;
const MAX_FILES_BYTES = 25 * MB;

export type KeepsFiles = Pick<FileStore, "save" | "read">;

/** A tool's files into the store, and words for the model on each. `words` is "" when there were none. */
export async function keepFiles(
  files: KeepsFiles | null,
  scope: Scope,
  given: readonly ToolFile[],
): Promise<{ readonly kept: readonly KeptFile[]; readonly words: string }> {
  const kept: KeptFile[] = [];
  const lines: string[] = [];
  for (const file of given.slice(0, MAX_FILES)) {
    const one = await keepOne(files, scope, file);
    if (typeof one === "string") lines.push(`[${file.name} was not attached: ${one}]`);
    else kept.push(one);
    if (typeof one !== "string") lines.push(`[${one.name} is attached to your answer]`);
  }
  if (given.length > MAX_FILES) lines.push(`[only the first ${MAX_FILES} files were attached]`);
  return { kept, words: lines.map((line) => `\n${line}`).join("") };
}

async function keepOne(
  files: KeepsFiles | null,
  scope: Scope,
  { name, contentType, content, keptId }: ToolFile,
): Promise<KeptFile | string> {
  if (files === null) return "no files can be kept here";
  const sizeBytes = content.length;
  if (sizeBytes > MAX_FILES_BYTES)
    return `it has ${inMb(sizeBytes)}, and the limit is ${inMb(MAX_FILES_BYTES)}`;
  if (keptId !== undefined) return { fileId: keptId, name, contentType, sizeBytes };
  const saved = await files.save(scope, { name, contentType, content, origin: null });
  switch (saved.kind) {
    case "saved":
      return {
        fileId: saved.file.id,
        name: saved.file.name,
        contentType: saved.file.contentType,
        sizeBytes,
      };
    case "too-large":
      return `it has ${inMb(sizeBytes)}, and the limit is ${inMb(saved.maxBytes)}`;
    case "full":
      return `the files of this person would come to more than ${inMb(saved.quotaBytes)}; some must be deleted first`;
  }
}

/** Of all files that came up in a turn: those that one answer can carry, each once, and a remark on the others. */
export function filesOfAnswer(all: readonly KeptFile[]): {
  readonly files: readonly KeptFile[];
  readonly remark: string;
} {
  // A newer file takes the place of one of the same name, whose bytes are gone.
  const each = [...new Map(all.map((file) => [file.name, file])).values()];
  let bytes = 0;
  const files: KeptFile[] = [];
  for (const file of each) {
    if (files.length >= MAX_FILES || bytes + file.sizeBytes > MAX_FILES_BYTES) continue;
    bytes += file.sizeBytes;
    files.push(file);
  }
  const left = each.filter((file) => !files.includes(file)).map(({ name }) => name);
  const remark =
    left.length === 0
      ? ""
      : `-# 📎 Kept, but too much for one message (${MAX_FILES} files, ${inMb(MAX_FILES_BYTES)}): ${left.join(", ")}`;
  return { files, remark };
}

/** The files go with the last message, or with one more where that is a file itself. */
export function withFiles(
  parts: readonly RenderedPart[],
  files: readonly KeptFile[],
): readonly RenderedPart[] {
  if (files.length === 0) return parts;
  const last = parts.at(-1);
  if (!last || last.file !== null) return [...parts, { content: "", file: null, files }];
  return [...parts.slice(0, -1), { ...last, files }];
}

/** For places whose messages carry no files. */
export const filesKept = (files: readonly KeptFile[]): string =>
  `-# 📎 Kept for you, since no files can be shown here: ${files.map(({ name }) => name).join(", ")}`;

/** The part with the bytes of its files; one that was removed meanwhile is left out, and said to be. */
export async function withBytes(
  store: KeepsFiles | null,
  scope: Scope,
  part: OutgoingPart,
  files: readonly KeptFile[],
): Promise<OutgoingPart> {
  if (files.length === 0) return part;
  const found = await Promise.all(
    files.map(async ({ fileId, name, contentType }) => {
      const read = await store?.read(scope, { by: "id", id: fileId });
      return read ? { name, contentType, content: read.content } : null;
    }),
  );
  const there = found.filter((file) => file !== null);
  const isEmpty = there.length === 0 && part.content === "" && part.file === null;
  return { ...part, content: isEmpty ? GONE : part.content, uploads: there };
}

const GONE = "-# 📎 The file was removed before it could be sent.";

const inMb = (bytes: number): string => `${(bytes / MB).toFixed(bytes < 10 * MB ? 1 : 0)} MB`;

import type { SandboxEntry, SandboxListing, Workspace } from "../../core/sandbox.ts";
import type { ToolFile } from "../../core/tool.ts";

const OUT = "/out";
const MB = 1_024 * 1_024;
/** Of one run. */
const MAX_FILES = 8;
const MAX_FILE_BYTES = 10 * MB;
const MAX_TOGETHER_BYTES = 24 * MB;
/** Pictures with more are made to hurt whoever looks at them. */
const MAX_PIXELS = 50_000_000;

const TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  pdf: "application/pdf",
  csv: "text/csv; charset=utf-8",
  txt: "text/plain; charset=utf-8",
  md: "text/markdown; charset=utf-8",
  json: "application/json; charset=utf-8",
  zip: "application/zip",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
};

export const typeOf = (name: string): string =>
  TYPES[name.split(".").at(-1)?.toLowerCase() ?? ""] ?? "application/octet-stream";

/** The last part of a path. */
export const nameOf = (path: string): string => path.split("/").at(-1) ?? path;

export interface Artifacts {
  readonly files: readonly ToolFile[];
  /** For the model; "" when there is nothing to say. */
  readonly words: string;
}

export const beforeRun = (workspace: Workspace, signal: AbortSignal): Promise<SandboxListing> =>
  workspace.list(OUT, signal);

/** What is new or changed below /out, for people to see. */
export async function artifactsAfter(
  workspace: Workspace,
  before: SandboxListing,
  signal: AbortSignal,
): Promise<Artifacts> {
  const known = new Map(before.entries.map(({ path, version }) => [path, version]));
  const { entries } = await workspace.list(OUT, signal);
  const fresh = entries
    .filter(({ path, version }) => known.get(path) !== version)
    .toSorted((one, other) => one.path.localeCompare(other.path));
  const { taken, left } = choose(fresh);
  const files: ToolFile[] = [];
  for (const { path } of taken) {
    const { bytes } = await workspace.get(path, signal);
    if (pixelsOf(bytes) > MAX_PIXELS) left.push(path);
    else
      files.push({
        name: distinct(nameOf(path), files),
        contentType: typeOf(path),
        content: bytes,
      });
  }
  return { files, words: wordsFor(left) };
}

function choose(fresh: readonly SandboxEntry[]): {
  readonly taken: readonly SandboxEntry[];
  readonly left: string[];
} {
  const taken: SandboxEntry[] = [];
  const left: string[] = [];
  let together = 0;
  for (const entry of fresh) {
    const fits =
      entry.sizeBytes <= MAX_FILE_BYTES && together + entry.sizeBytes <= MAX_TOGETHER_BYTES;
    if (taken.length < MAX_FILES && fits && entry.sizeBytes > 0) {
      taken.push(entry);
      together += entry.sizeBytes;
    } else left.push(entry.path);
  }
  return { taken, left };
}

const wordsFor = (left: readonly string[]): string =>
  left.length === 0
    ? ""
    : `\n[Not shown to people, because they are too many, too large or empty: ${left.slice(0, MAX_FILES).join(", ")}${left.length > MAX_FILES ? " and others" : ""}. download_from_sandbox keeps one as a file.]`;

/** Names that differ only by their case are one to some systems. */
function distinct(name: string, taken: readonly ToolFile[]): string {
  const names = new Set(taken.map((file) => file.name.toLowerCase()));
  if (!names.has(name.toLowerCase())) return name;
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  const number = taken.length + 1;
  return `${stem}-${number}${ending}`;
}

const PNG = Buffer.from("89504e470d0a1a0a", "hex");
const GIF = Buffer.from("GIF8");

/** As the picture's own head says; 0 for what says it elsewhere. */
function pixelsOf(bytes: Uint8Array): number {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 32));
  if (head.length >= 24 && head.subarray(0, PNG.length).equals(PNG))
    return head.readUInt32BE(16) * head.readUInt32BE(20);
  if (head.length >= 10 && head.subarray(0, GIF.length).equals(GIF))
    return head.readUInt16LE(6) * head.readUInt16LE(8);
  return 0;
}

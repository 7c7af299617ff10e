import { createHash } from "node:crypto";
import type { CallToolResult, ContentBlock, EmbeddedResource } from "@modelcontextprotocol/client";
import type { ToolFile, ToolOutput } from "../core/tool.ts";
import { clean, cleanLine, shorten } from "./clean.ts";
import { kindOf } from "./kind-of.ts";
import { MAX_FILE_BYTES, MAX_LINKS, MAX_RESULT_CHARS, MAX_RESULT_FILES } from "./limits.ts";

export interface ResultDeps {
  /** For people: whose words these are. */
  readonly serverName: string;
  /** Takes out what nobody may read. */
  readonly hideSecrets: (text: string) => string;
}

const MAX_NAME_CHARS = 100;
/** Without what ends a sentence. */
const LINK = /https?:\/\/[^\s<>"'`\])}]*[^\s<>"'`\])}.,;:!?]/g;

/** What a call gave, for the model and for people: cleaned, within bounds, and marked as the words of a stranger. */
export function toOutput(deps: ResultDeps, result: CallToolResult): ToolOutput {
  const read = readContent(result.content);
  const words = [...read.words, ...structured(result, read.words)];
  return finish(deps, words, read.files, result.isError ?? false);
}

/** The same for what is no result of a call. */
export function finish(
  { serverName, hideSecrets }: ResultDeps,
  words: readonly string[],
  files: readonly ToolFile[],
  isError = false,
): ToolOutput {
  const whole = hideSecrets(clean(shorten(words.join("\n\n"), MAX_RESULT_CHARS)));
  const text = whole.trim() === "" ? (isError ? "It failed, without a word." : "Done.") : whole;
  const links = [...new Set(whole.match(LINK))].slice(0, MAX_LINKS);
  return {
    text,
    taints: [{ source: "mcp", name: serverName }],
    ...(isError && { isError }),
    ...(files.length > 0 && { files }),
    ...(links.length > 0 && { links }),
  };
}

interface Read {
  readonly words: readonly string[];
  readonly files: readonly ToolFile[];
}

export function readContent(content: readonly ContentBlock[]): Read {
  const words: string[] = [];
  const files: ToolFile[] = [];
  let dropped = 0;
  const keep = (name: string, data: string, said: string | undefined) => {
    const file = files.length < MAX_RESULT_FILES ? toFile(name, data, said) : null;
    if (file === null) dropped++;
    else files.push(file);
  };
  let chars = 0;
  for (const block of content) {
    // The rest would be cut anyway.
    if (chars > MAX_RESULT_CHARS) break;
    if (block.type === "text") words.push(block.text);
    else if (block.type === "resource_link") words.push(linkOf(block));
    else if (block.type === "resource") words.push(...resourceOf(block.resource, keep));
    else keep(block.type === "image" ? "picture" : "sound", block.data, block.mimeType);
    chars += words.at(-1)?.length ?? 0;
  }
  if (files.length > 0) words.push(`(With ${files.length} file${files.length > 1 ? "s" : ""}.)`);
  if (dropped > 0)
    words.push(
      `(${dropped} more could not be taken: too large, too many, or not what they were said to be.)`,
    );
  return { words, files };
}

/** Where there is no text, the values are the answer. */
function structured({ structuredContent }: CallToolResult, words: readonly string[]) {
  if (structuredContent === undefined || words.some((text) => text.trim() !== "")) return [];
  return [JSON.stringify(structuredContent)];
}

/** Told, and never fetched: whoever wants it asks for it. */
function linkOf({ name, uri, description }: Extract<ContentBlock, { type: "resource_link" }>) {
  const about = description === undefined ? "" : `: ${cleanLine(description, 200)}`;
  return `Resource ${cleanLine(name, MAX_NAME_CHARS)} (${cleanLine(uri, 500)})${about}`;
}

function resourceOf(
  resource: EmbeddedResource["resource"],
  keep: (name: string, data: string, said: string | undefined) => void,
): readonly string[] {
  const { uri, mimeType } = resource;
  if ("text" in resource) return [`${cleanLine(uri, 500)}:\n${resource.text}`];
  keep(
    cleanLine(uri.split(/[/:]/).at(-1) ?? "", MAX_NAME_CHARS) || "file",
    resource.blob,
    mimeType,
  );
  return [cleanLine(uri, 500)];
}

const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ["image/png", "png"],
  ["image/jpeg", "jpg"],
  ["image/gif", "gif"],
  ["image/webp", "webp"],
  ["audio/mpeg", "mp3"],
  ["audio/wav", "wav"],
  ["audio/ogg", "ogg"],
  ["audio/flac", "flac"],
]);
/** What somebody's machine would run, or a browser open as a page, when it is clicked. */
const RUNS =
  /\.(?:svgz?|x?html?|m?js|jar|hta|exe|com|bat|cmd|scr|pif|msi|ps1|vbs|lnk|url|reg|app|sh|desktop|apk)$/i;
const HASH_CHARS = 8;

/**
 * The bytes decide what it is: nothing is a picture because it is said to be one, and an SVG never is. Its name holds a
 * mark of its bytes, so that it takes the place of nobody's file.
 */
function toFile(name: string, data: string, said: string | undefined): ToolFile | null {
  if (data.length > (MAX_FILE_BYTES * 4) / 3 + 4 || !BASE64.test(data)) return null;
  const content = new Uint8Array(Buffer.from(data, "base64"));
  if (content.byteLength === 0) return null;
  const kind = kindOf(content);
  if (kind === null && /^(?:image|audio)\//.test(said ?? "") && !said?.startsWith("image/svg"))
    return null;
  const plain = name.replace(/[^\p{L}\p{N}._-]/gu, "_").replace(/^\.+/, "") || "file";
  const [, stem = plain, ending = ""] = /^(.*?)(\.[^.]+)?$/.exec(plain) ?? [];
  const hash = createHash("sha256").update(content).digest("hex").slice(0, HASH_CHARS);
  const extension = kind === null ? safeEnding(ending, said) : `.${EXTENSIONS.get(kind)}`;
  return {
    name: `${stem}-${hash}${extension}`,
    contentType: kind ?? "application/octet-stream",
    content,
  };
}

function safeEnding(ending: string, said: string | undefined): string {
  if (RUNS.test(ending) || said?.startsWith("image/svg")) return `${ending}.txt`;
  return ending === "" ? ".bin" : ending;
}

import type { IncomingMessage } from "node:http";

import { DiscordError } from "./errors.ts";
import { isObject } from "./forms.ts";
import type { JsonObject, Upload } from "./model.ts";

const MAX_REQUEST_BYTES = 25 * 1024 * 1024;

export interface Body {
  readonly body: JsonObject;
  readonly list: readonly unknown[];
  readonly files: readonly Upload[];
}

/** A file as a test gives it. */
export interface ActorFile {
  readonly name: string;
  readonly bytes: Uint8Array | string;
  readonly type?: string;
}

const NOTHING: Body = { body: {}, list: [], files: [] };

const TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv; charset=utf-8",
  gif: "image/gif",
  jpg: "image/jpeg",
  json: "application/json; charset=utf-8",
  md: "text/markdown; charset=utf-8",
  mp3: "audio/mpeg",
  ogg: "audio/ogg",
  pdf: "application/pdf",
  png: "image/png",
  txt: "text/plain; charset=utf-8",
  webp: "image/webp",
};

/** Discord trusts a given type, and else goes by the name. */
export function contentTypeOf(filename: string, given = ""): string {
  if (given !== "" && given !== "application/octet-stream") return given;
  return TYPES[filename.split(".").at(-1) ?? ""] ?? "application/octet-stream";
}

/** Reads JSON, or multipart with `payload_json` and `files[N]`. Throws Discord's own errors. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const bytes = await readBytes(request);
  const type = request.headers["content-type"] ?? "";
  if (bytes.length === 0) return NOTHING;
  if (type.startsWith("multipart/form-data")) return readMultipart(bytes, type);
  if (type.startsWith("application/json"))
    return { ...NOTHING, ...readJson(bytes.toString("utf8")) };
  return NOTHING;
}

/** All bytes of a request; more than Discord's 25 MiB is 40005. */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > MAX_REQUEST_BYTES) throw new DiscordError(413, 40_005, "Request entity too large");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

async function readMultipart(bytes: Buffer, contentType: string): Promise<Body> {
  const headers = { "content-type": contentType };
  const form = await new Response(new Uint8Array(bytes), { headers }).formData();
  const files: Upload[] = [];
  for (const [name, part] of form) {
    const key = /^files\[(\d+)\]$/.exec(name)?.[1];
    if (key === undefined || typeof part === "string") continue;
    files.push({
      key,
      filename: part.name,
      contentType: contentTypeOf(part.name, part.type),
      bytes: new Uint8Array(await part.arrayBuffer()),
    });
  }
  const payload = form.get("payload_json");
  return { ...NOTHING, ...(typeof payload === "string" ? readJson(payload) : {}), files };
}

function readJson(text: string): Pick<Body, "body" | "list"> {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return { body: {}, list: value };
    return { body: isObject(value) ? value : {}, list: [] };
  } catch {
    throw new DiscordError(400, 50_109, "The request body contains invalid JSON.");
  }
}

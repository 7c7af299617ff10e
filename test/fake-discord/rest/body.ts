import type { IncomingMessage } from "node:http";

import { isObject } from "../forms/form.ts";
import { contentTypeOf } from "../world/content-type.ts";
import { DiscordError } from "../world/errors.ts";
import type { JsonObject, Upload } from "../world/model.ts";

const MAX_REQUEST_BYTES = 25 * 1024 * 1024;

export interface Body {
  readonly body: JsonObject;
  readonly list: readonly unknown[];
  readonly files: readonly Upload[];
}

const NOTHING: Body = { body: {}, list: [], files: [] };

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
async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    // To leave here would hang up on the client before it has its answer.
    if (size <= MAX_REQUEST_BYTES) chunks.push(bytes);
  }
  if (size > MAX_REQUEST_BYTES) throw new DiscordError(413, 40_005, "Request entity too large");
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

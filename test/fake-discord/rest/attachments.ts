import type { ServerResponse } from "node:http";

import { textOf } from "../forms/form.ts";
import { addressOf, signature } from "../payloads/message.ts";
import type { World } from "../world/world.ts";

import { ok, on, type Route } from "./route.ts";

const ADDRESS = /^\/attachments\/(\d+)\/(\d+)\/([^/]+)$/;

/** Fresh addresses for those that have expired. What is not one of ours stays as it is. */
export const attachmentRoutes = (world: World): Route[] => [
  on("POST /attachments/refresh-urls", ({ body }) => {
    const asked = body["attachment_urls"];
    const urls = Array.isArray(asked) ? asked.flatMap((each) => textOf(each) ?? []) : [];
    const refreshed_urls = urls.map((original) => ({
      original,
      refreshed: refresh(world, original),
    }));
    return ok({ refreshed_urls });
  }),
];

function refresh(world: World, url: string): string {
  const [, placeId = "", id = ""] = ADDRESS.exec(URL.parse(url)?.pathname ?? "") ?? [];
  const file = world.uploads.get(id);
  return file ? addressOf(world, placeId, { id, filename: file.filename }) : url;
}

/** Gives a file's bytes back from its address; 404 once the address has expired or was made up. */
export function serveAttachment(world: World, url: URL, response: ServerResponse): void {
  const id = ADDRESS.exec(url.pathname)?.[2] ?? "";
  const file = world.uploads.get(id);
  const expiry = url.searchParams.get("ex") ?? "";
  const isSigned = url.searchParams.get("hm") === signature(world, id, expiry);
  if (!file || !isSigned || Number.parseInt(expiry, 16) * 1000 < world.now()) {
    return void response
      .writeHead(404, { "content-type": "text/plain" })
      .end("This content is no longer available.");
  }
  response
    .writeHead(200, { "content-type": file.contentType, "content-length": file.bytes.length })
    .end(file.bytes);
}

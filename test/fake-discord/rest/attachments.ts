import type { ServerResponse } from "node:http";

import { signature } from "../payloads/message.ts";
import type { World } from "../world/world.ts";

const ADDRESS = /^\/attachments\/\d+\/(\d+)\/[^/]+$/;

/** Gives a file's bytes back from its address; 404 once the address has expired or was made up. */
export function serveAttachment(world: World, url: URL, response: ServerResponse): void {
  const id = ADDRESS.exec(url.pathname)?.[1] ?? "";
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

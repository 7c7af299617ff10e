import { once } from "node:events";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { type FakeDiscord, createFakeDiscord } from "./fake-discord.ts";
import { type FakeDiscordOptions, withDefaults } from "./options.ts";
import { createParts } from "./parts.ts";
import { serveAttachment } from "./rest/attachments.ts";

export type { FakeDiscord } from "./fake-discord.ts";
export { REQUESTS } from "./faults.ts";
export type { FakeDiscordOptions } from "./options.ts";
export type { Actor } from "./people/actor.ts";
export type { Place } from "./people/place.ts";
export type { Message } from "./world/model.ts";

/** Answers what is not Discord's, on the same port. False when it has nothing to say. */
export type Page = (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;

/**
 * Starts a Discord on 127.0.0.1: REST v10, gateway and files on one port. It forgets everything
 * when it is disposed. Rejects when the port is taken.
 */
export async function startFakeDiscord(
  options: FakeDiscordOptions & { readonly page?: (discord: FakeDiscord) => Page } = {},
): Promise<FakeDiscord> {
  const settings = withDefaults(options);
  const server = createServer();
  await once(server.listen(settings.port, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;

  const parts = createParts(settings, host);
  const { token } = settings;
  const discord = createFakeDiscord(parts, { port, token, close: () => close(server) });
  const page = options.page?.(discord) ?? (() => false);

  server.on("upgrade", (request, socket, head) => parts.gateway.accept(request, socket, head));
  server.on("request", (request, response) => {
    const url = URL.parse(request.url ?? "/", `http://${host}`);
    if (!url) return void response.writeHead(400).end();
    if (url.pathname.startsWith("/api/")) return void parts.rest(request, response, url);
    if (url.pathname.startsWith("/attachments/"))
      return serveAttachment(parts.world, url, response);
    if (!page(request, response, url)) response.writeHead(404).end();
  });
  return discord;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

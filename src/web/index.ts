import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import type { Service } from "../core/service.ts";
import { untilAborted } from "../lib/until-aborted.ts";
import type { WebDeps, WebOptions } from "./app.ts";
import { createWebApp } from "./app.ts";

export type { WebDeps, WebOptions } from "./app.ts";
export type { Health, RoomState } from "./health.ts";

/** Connections of all browsers together. */
const MAX_CONNECTIONS = 256;
/** Answers under way may finish for this long after the signal; then their connections are cut. */
const CLOSE_WITHIN_MS = 1_000;

export interface Web extends Service {
  /** Where it is to be found; with port 0 the port is known once `onListening` was called. */
  readonly url: () => string;
}

/**
 * The window: the playground for this machine's browser, and health for everybody.
 * `run` rejects with what to do when the port cannot be had, and resolves within 2 s of the signal.
 */
export function createWeb(
  deps: WebDeps & { readonly onListening?: (url: string) => void },
  options: WebOptions,
): Web {
  const closing = new AbortController();
  const app = createWebApp(deps, options, closing.signal);
  const answer = getRequestListener(app.fetch);
  const server = createServer((request, response) => void answer(request, response));
  server.maxConnections = MAX_CONNECTIONS;
  let { port } = options;
  const url = () =>
    `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${port}/`;

  return {
    name: "web",
    url,
    async run(signal) {
      const broken = new Promise<never>((_, reject) =>
        server.on("error", (error) => reject(explain(error, options))),
      );
      const listening = new Promise<void>((resolve) =>
        server.listen(options.port, options.host, resolve),
      );
      await Promise.race([listening, broken]);
      ({ port } = server.address() as AddressInfo);
      deps.log.info({ port }, "web-listening");
      deps.onListening?.(url());

      await Promise.race([untilAborted(signal), broken]);
      closing.abort();
      await close(server);
    },
  };
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  await Promise.race([closed, sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);
  server.closeAllConnections();
  await closed;
}

function explain(cause: Error, { host, port }: WebOptions): Error {
  switch ("code" in cause ? cause.code : null) {
    case "EADDRINUSE":
      return new Error(`Port ${port} is taken; set PORT to another one.`, { cause });
    case "EACCES":
      return new Error(`Port ${port} needs more rights; set PORT to one above 1023.`, { cause });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new Error(`This machine has no address ${host}; listen on 127.0.0.1.`, { cause });
    default:
      return cause;
  }
}

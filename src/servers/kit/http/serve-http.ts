import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { untilAborted } from "../../../lib/until-aborted.ts";
import type { HttpApp } from "./app.ts";

/** How long a caller may take to send its request. */
const REQUEST_MS = 60_000;
/** Longer than callers keep a connection that nobody uses: otherwise both may close it and use it at once. */
const KEEP_ALIVE_MS = 75_000;
/** What runs when we are told to stop gets that long. */
const GRACE_MS = 5_000;

const LIMITS = { requestTimeout: REQUEST_MS, keepAliveTimeout: KEEP_ALIVE_MS };

export interface ServeHttpOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Made when the port is known. */
  readonly createApp: (port: number) => HttpApp;
  readonly onOpen: (address: string) => void;
}

/** Serves until the signal fires, then lets what runs come to its end. */
export async function serveHttp(
  { host, port, createApp, onOpen }: ServeHttpOptions,
  signal: AbortSignal,
): Promise<void> {
  let app: HttpApp | undefined;
  const listener = getRequestListener((request) =>
    app ? app.fetch(request) : new Response(null, { status: 503 }),
  );
  const server = createServer(LIMITS, (incoming, outgoing) => {
    void listener(incoming, outgoing);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  app = createApp(address.port);
  onOpen(`http://${host.includes(":") ? `[${host}]` : host}:${address.port}/mcp`);
  await untilAborted(signal);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await app.close();
  await closed;
  clearTimeout(timer);
}

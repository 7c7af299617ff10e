import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { IncomingHttpHeaders } from "node:http";

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A web server on this machine, on every address that it has. */
export interface Site extends AsyncDisposable {
  readonly port: number;
  /** Connections that were ever opened to it. */
  readonly connections: () => number;
  readonly seen: readonly Seen[];
}

export async function openSite(
  answer: (request: Seen, response: Parameters<RequestListener>[1]) => void = (_, response) =>
    void response.end("reached"),
): Promise<Site> {
  const seen: Seen[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
      seen.push(one);
      answer(one, response);
    });
  });
  server.on("connection", () => connections++);
  await listen(server, "::").catch(() => listen(server, "0.0.0.0"));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    seen,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

const listen = (server: ReturnType<typeof createServer>, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host, resolve);
  });

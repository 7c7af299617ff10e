import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

export interface Served extends AsyncDisposable {
  readonly port: number;
  /** Without a slash at its end. */
  readonly url: string;
}

/** A web server on a free port of this machine. At its end it cuts what is open. */
export async function serve(listener: RequestListener): Promise<Served> {
  // It never hangs up first: a client that is about to use the connection again would see it break.
  const server = createServer({ keepAliveTimeout: 0 }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

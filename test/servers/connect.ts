import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { serveByHttp, type OpenServer } from "../../src/servers/kit/serve.ts";
import type { ServerMachine } from "../../src/servers/kit/machine.ts";

/** The protocol of 2025 that most programs speak, or the one of 2026. */
export type Era = "legacy" | "auto";

export interface Connected extends AsyncDisposable {
  readonly client: Client;
}

export interface ConnectedChild extends Connected {
  /** As a crash would. */
  readonly kill: () => void;
}

const newClient = (era: Era): Client =>
  new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: era } });

/** The official client, over Streamable HTTP. */
export async function connectByHttp(
  url: string,
  { key, era = "auto" }: { readonly key?: string; readonly era?: Era } = {},
): Promise<Connected> {
  const client = newClient(era);
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }),
  );
  return { client, [Symbol.asyncDispose]: () => client.close() };
}

/** The official client, over standard input and output of `clara serve ...args`, which is told what time it is. */
export async function connectByStdio(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { now, era = "auto" }: { readonly now: Date; readonly era?: Era },
): Promise<ConnectedChild> {
  const client = newClient(era);
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(import.meta.dirname, "serve-child.ts"), now.toISOString(), ...args],
    env: { ...env, PATH: process.env["PATH"] ?? "" },
    stderr: "ignore",
  });
  await client.connect(transport);
  return {
    client,
    kill: () => void (transport.pid && process.kill(transport.pid, "SIGKILL")),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

export interface ServedServer extends AsyncDisposable {
  readonly url: string;
  readonly root: string;
}

/** Serves it by HTTP on a free port of this machine. */
export async function serveOverHttp(
  machine: ServerMachine,
  server: OpenServer,
): Promise<ServedServer> {
  const stop = new AbortController();
  const { promise: opened, resolve, reject } = Promise.withResolvers<string>();
  const done = serveByHttp(machine, server, { port: 0, onOpen: resolve }, stop.signal);
  done.catch(reject);
  const url = await opened;
  return {
    url,
    root: url.replace(/\/mcp$/, ""),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await done;
      await server[Symbol.asyncDispose]();
    },
  };
}

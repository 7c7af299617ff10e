import { Agent as PlainAgent, request as plainRequest, type IncomingMessage } from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";
import { isIP } from "node:net";
import { Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { pinned } from "./exchange.ts";
import { isFailure } from "./failure.ts";
import { findTarget, hostOf, readUrl, type Target, type TargetDeps } from "./target.ts";

/** A fetch whose bodies are streams. Follows no redirect: whoever asked is given it. */
export type StreamingFetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

export interface ClosableFetch extends AsyncDisposable {
  readonly fetch: StreamingFetch;
}

/** Connections of one fetch at a time, and how long one that nobody uses is kept. */
const MAX_SOCKETS = 32;
const KEEP_MS = 20_000;
/** How long what was found for an address holds; connections are made to what was checked. */
const TARGET_MS = 30_000;
const MAX_TARGETS = 64;
const MAX_HEADER_BYTES = 32 * 1024;
const NO_BODY = new Set([101, 204, 205, 304]);

/**
 * For protocols that keep a connection: the same checks as SafeFetch, before a connection is made, and connections that
 * are used again. Throws TypeError as fetch does; its message says what happened, without the address.
 */
export function createStreamingFetch(
  deps: TargetDeps,
  { elapsedMs }: { readonly elapsedMs: () => number },
): ClosableFetch {
  const targets = new Map<string, { readonly target: Target; readonly until: number }>();
  const agents = new Map<string, PlainAgent>();

  async function targetOf(url: URL): Promise<Target> {
    const known = targets.get(url.href);
    if (known && known.until > elapsedMs()) return known.target;
    const target = await findTarget(deps, url);
    if (isFailure(target)) throw new TypeError(target.says);
    if (targets.size >= MAX_TARGETS) targets.clear();
    targets.set(url.href, { target, until: elapsedMs() + TARGET_MS });
    return target;
  }

  /** A connection is used again for the same host and the same checked addresses, and for nothing else. */
  function agentOf({ url, addresses }: Target): PlainAgent {
    const key = `${url.protocol} ${hostOf(url)} ${url.port} ${addresses.join(" ")}`;
    const known = agents.get(key);
    if (known) return known;
    const Agent = url.protocol === "https:" ? SecureAgent : PlainAgent;
    const options = { keepAlive: true, maxSockets: MAX_SOCKETS, timeout: KEEP_MS };
    const lookup = isIP(hostOf(url)) === 0 ? { lookup: pinned(addresses) } : {};
    const agent = new Agent({ ...options, ...lookup });
    agents.set(key, agent);
    return agent;
  }

  return {
    async fetch(given, init = {}) {
      const url = readUrl(String(given));
      if (isFailure(url)) throw new TypeError(url.says);
      init.signal?.throwIfAborted();
      const target = await targetOf(url);
      return await exchange(url, init, agentOf(target));
    },
    async [Symbol.asyncDispose]() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

async function exchange(url: URL, init: RequestInit, agent: PlainAgent): Promise<Response> {
  const body = await bytesOf(init.body);
  const headers = Object.fromEntries(new Headers(init.headers));
  const open = url.protocol === "https:" ? secureRequest : plainRequest;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = open(url, {
    agent,
    method: init.method ?? "GET",
    maxHeaderSize: MAX_HEADER_BYTES,
    ...(init.signal && { signal: init.signal }),
    headers: {
      accept: "*/*",
      "accept-encoding": "gzip, deflate, br",
      "user-agent": "Clara",
      ...headers,
      host: url.host,
      ...(body && { "content-length": String(body.byteLength) }),
    },
  });
  request.on("response", resolve);
  request.on("upgrade", (_, socket) => socket.destroy());
  request.on("error", (cause) =>
    reject(init.signal?.aborted ? init.signal.reason : toTypeError(cause)),
  );
  request.end(body);
  return toResponse(await promise);
}

async function bytesOf(body: RequestInit["body"]): Promise<Uint8Array | undefined> {
  if (body === null || body === undefined) return undefined;
  if (typeof body === "string") return Buffer.from(body);
  return new Uint8Array(await new Response(body).arrayBuffer());
}

function toResponse(message: IncomingMessage): Response {
  const status = message.statusCode ?? 0;
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers))
    for (const each of [value ?? []].flat()) headers.append(name, each);
  // Statuses that Response refuses are no answers of a server that keeps to HTTP.
  if (status < 200 || status > 599) throw new TypeError("The answer is no proper HTTP.");
  if (NO_BODY.has(status)) {
    message.resume();
    return new Response(null, { status, headers });
  }
  const encoding = headers.get("content-encoding");
  headers.delete("content-encoding");
  if (encoding !== null) headers.delete("content-length");
  return new Response(toStream(message, encoding), { status, headers });
}

function toStream(message: IncomingMessage, encoding: string | null): ReadableStream<Uint8Array> {
  const unpack = unpackerOf(encoding);
  const readable = unpack === null ? message : message.pipe(unpack);
  if (unpack !== null) {
    message.on("error", (error) => unpack.destroy(error));
    unpack.on("close", () => message.destroy());
  }
  return Readable.toWeb(readable) as ReadableStream<Uint8Array>;
}

const UNPACKERS: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
]);

const unpackerOf = (encoding: string | null): Transform | null =>
  UNPACKERS.get(encoding ?? "")?.() ?? null;

/** Node's own codes say what happened: https://nodejs.org/api/errors.html */
function toTypeError(cause: Error): TypeError {
  const code = "code" in cause ? String(cause.code) : "";
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code))
    return new TypeError("The certificate of the server is not valid.", { cause });
  return new TypeError("The server could not be reached.", { cause });
}

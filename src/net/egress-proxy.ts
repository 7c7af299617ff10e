import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { timingSafeEqual } from "node:crypto";
import type { UserId } from "../core/ids.ts";
import type { EgressProxy } from "../core/net.ts";
import { exchange, pinned } from "./exchange.ts";
import { failure, isFailure } from "./failure.ts";
import type { RateLimit } from "./rate-limit.ts";
import { findTarget, hostOf, portOf, readUrl, type TargetDeps } from "./target.ts";

const MAX_CONNECTIONS = 256;
const MAX_PASSES = 1_000;
const IDLE_MS = 60_000;
/** Through one tunnel, in one direction. */
const MAX_TUNNEL_BYTES = 64 * 1024 * 1024;

export interface EgressProxyDeps extends TargetDeps {
  readonly limit: RateLimit;
  /** Not to be guessed. */
  readonly createSecret: () => string;
}

/**
 * An HTTP proxy on 127.0.0.1 that nobody gets into without a pass. It looks names up itself and connects to what it
 * checked, so that a browser behind it cannot be led anywhere else: not by rebinding, redirects, frames or web sockets.
 */
export async function openEgressProxy(deps: EgressProxyDeps): Promise<EgressProxy> {
  const passes = new Map<string, { readonly person: UserId; readonly password: string }>();
  const admit = createAdmission(deps, passes);
  const server = createServer({ maxHeaderSize: 64 * 1024 });
  server.maxConnections = MAX_CONNECTIONS;
  server.on("request", (request, response) => void forward(deps, admit, request, response));
  server.on("connect", (request, socket) => void tunnel(deps, admit, request, socket));
  server.on("clientError", (_, socket) => socket.destroy());
  const tunnels = new Set<Duplex>();
  server.on("connection", (socket) => {
    tunnels.add(socket);
    socket.on("close", () => tunnels.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    pass(person) {
      const [username, password] = [deps.createSecret(), deps.createSecret()];
      passes.set(username, { person, password });
      const [oldest] = passes.keys();
      if (passes.size > MAX_PASSES && oldest !== undefined) passes.delete(oldest);
      return { username, password };
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of tunnels) socket.destroy();
      await closed;
    },
  };
}

type Admission = "ok" | "unknown" | "too-many";
type Admit = (request: IncomingMessage) => Admission;

function createAdmission(
  { limit }: EgressProxyDeps,
  passes: ReadonlyMap<string, { readonly person: UserId; readonly password: string }>,
): Admit {
  return ({ headers }) => {
    const [, encoded = ""] = /^Basic (.+)$/i.exec(headers["proxy-authorization"] ?? "") ?? [];
    const [username = "", password = ""] = Buffer.from(encoded, "base64").toString().split(":");
    const pass = passes.get(username);
    if (!pass || !isSame(pass.password, password)) return "unknown";
    return limit(pass.person) === 0 ? "ok" : "too-many";
  };
}

const isSame = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** Of one connection; none of them is for the other side. */
const HOP_BY_HOP = /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/;

/** A plain request, whose address is in its first line. */
async function forward(
  deps: EgressProxyDeps,
  admit: Admit,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refuse = (status: number, says: string, headers = {}) =>
    response.writeHead(status, { "content-type": "text/plain", ...headers }).end(says);
  const stop = new AbortController();
  response.on("close", () => stop.abort());
  try {
    const admission = admit(request);
    if (admission === "unknown") return void refuse(407, "", CHALLENGE);
    if (admission === "too-many") return void refuse(429, "Too many requests.");
    const url = readUrl(request.url ?? "");
    const target = isFailure(url) ? url : await findTarget(deps, url);
    if (isFailure(target)) return void refuse(403, target.says, { "x-clara-refused": "1" });
    const headers = Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) =>
        HOP_BY_HOP.test(name) || value === undefined ? [] : [[name, String(value)] as const],
      ),
    );
    const isBodiless = ["GET", "HEAD"].includes(request.method ?? "GET");
    const body = isBodiless ? null : await readAll(request);
    const outgoing = { method: request.method ?? "GET", headers, body };
    const answer = await exchange(target, outgoing, stop.signal);
    const back = Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.test(name));
    response.writeHead(answer.statusCode ?? 502, Object.fromEntries(back));
    await pipeline(answer, response);
  } catch {
    // Whoever asked sees that there is no answer; the rest is none of his business.
    if (response.headersSent) response.destroy();
    else refuse(502, "No answer.");
  }
}

const CHALLENGE = { "proxy-authenticate": 'Basic realm="Clara"' };
const MAX_UPLOAD_BYTES = 8 * 1024 * 1024;

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    total += chunk.length;
    if (total > MAX_UPLOAD_BYTES) throw new Error("Too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Bytes in both directions, for https and web sockets: what is in them is between the browser and the host. */
async function tunnel(
  deps: EgressProxyDeps,
  admit: Admit,
  request: IncomingMessage,
  socket: Duplex,
): Promise<void> {
  const refuse = (line: string) => socket.end(`HTTP/1.1 ${line}\r\ncontent-length: 0\r\n\r\n`);
  socket.on("error", () => socket.destroy());
  const admission = admit(request);
  if (admission === "unknown")
    return void refuse(
      `407 Proxy Authentication Required\r\nproxy-authenticate: ${CHALLENGE["proxy-authenticate"]}`,
    );
  if (admission === "too-many") return void refuse("429 Too Many Requests");
  const target = await findTunnelTarget(deps, request.url ?? "");
  if (isFailure(target)) return void refuse("403 Forbidden");

  const { url, addresses } = target;
  const outside = connect({ host: hostOf(url), port: portOf(url), lookup: pinned(addresses) });
  outside.setTimeout(IDLE_MS, () => outside.destroy());
  outside.on("connect", () => {
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    bounded(outside, socket);
    bounded(socket, outside);
  });
  outside.on("error", () => refuse("502 Bad Gateway"));
  outside.on("close", () => socket.destroy());
  socket.on("close", () => outside.destroy());
}

/** `host:port`, as the line of a CONNECT has it. */
async function findTunnelTarget(deps: EgressProxyDeps, authority: string) {
  if (!/^[^/?#@\s]+:\d{1,5}$/.test(authority)) return failure("bad-address", "No host and port.");
  const url = readUrl(`https://${authority}`);
  return isFailure(url) ? url : await findTarget(deps, url);
}

function bounded(from: Duplex, to: Duplex): void {
  let total = 0;
  from.on("data", (chunk: Buffer) => {
    total += chunk.length;
    if (total > MAX_TUNNEL_BYTES) from.destroy();
  });
  from.pipe(to);
}

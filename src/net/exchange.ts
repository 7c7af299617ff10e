import { request as plainRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { request as secureRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { hostOf, type Target } from "./target.ts";

/** All header lines of an answer together. */
const MAX_HEADER_BYTES = 32 * 1024;

export interface Outgoing {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
}

/**
 * One request over a connection of its own to the checked addresses. Resolves with the head of the answer; whoever gets
 * it reads the body or destroys it. Rejects with Node's own error, or the signal's reason.
 */
export function exchange(
  { url, addresses }: Target,
  { method, headers, body }: Outgoing,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const open = url.protocol === "https:" ? secureRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const request: ClientRequest = open(url, {
      method,
      headers: { ...headers, host: url.host },
      // A socket that was opened to one host is never used for another.
      agent: false,
      lookup: pinned(addresses),
      maxHeaderSize: MAX_HEADER_BYTES,
      signal,
    });
    request.on("response", resolve);
    request.on("error", (error) => reject(signal.aborted ? signal.reason : error));
    // Whoever upgrades a connection that did not ask for it speaks no HTTP of ours.
    request.on("upgrade", (_, socket) => socket.destroy());
    request.end(body ?? undefined);
  });
}

/** Looks nothing up: the name has been asked for its addresses already, and these were checked. */
export const pinned =
  (addresses: readonly string[]): LookupFunction =>
  (_, { all }, done) => {
    const found = addresses.map((address) => ({ address, family: isIP(address) }));
    const [first] = found;
    if (first === undefined) done(new Error("No address"), "");
    else if (all) done(null, found);
    else done(null, first.address, first.family);
  };

export const originOf = (url: URL): string => `${url.protocol}//${hostOf(url)}:${url.port}`;

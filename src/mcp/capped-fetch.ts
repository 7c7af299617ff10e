import type { FetchLike } from "@modelcontextprotocol/client";
import { MAX_MESSAGE_BYTES } from "./limits.ts";

const NEWLINE = 10;
const RETURN = 13;

/**
 * `fetch` with a bound for what comes back: a whole body, or one event of a stream, of more than MAX_MESSAGE_BYTES breaks
 * off. `headers` go to the origin of `server` and nowhere else, wherever the sign-in leads.
 */
export function createCappedFetch(
  fetch: FetchLike,
  server: URL,
  headers: Readonly<Record<string, string>>,
): FetchLike {
  return async (url, init) => {
    const isOwn = new URL(url).origin === server.origin;
    const response = await fetch(url, isOwn ? withHeaders(init, headers) : init);
    if (response.body === null) return response;
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
    const { status, headers: given } = response;
    return new Response(response.body.pipeThrough(bound(isStream)), { status, headers: given });
  };
}

/** What the library sets itself, for example a token it was given, stays. */
function withHeaders(
  init: RequestInit | undefined,
  headers: Readonly<Record<string, string>>,
): RequestInit {
  const all = new Headers(headers);
  for (const [name, value] of new Headers(init?.headers)) all.set(name, value);
  return { ...init, headers: all };
}

/** Counts the bytes since the beginning, or since the last empty line of a stream of events. */
function bound(isStream: boolean): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  let last = 0;
  return new TransformStream({
    transform(piece, controller) {
      if (isStream)
        for (const byte of piece) {
          bytes++;
          if (byte === NEWLINE && last === NEWLINE) bytes = 0;
          if (byte !== RETURN) last = byte;
          if (bytes > MAX_MESSAGE_BYTES) break;
        }
      else bytes += piece.byteLength;
      if (bytes > MAX_MESSAGE_BYTES)
        controller.error(new TypeError("The server sent a message that is too large."));
      else controller.enqueue(piece);
    },
  });
}

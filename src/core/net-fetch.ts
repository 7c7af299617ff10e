import type { NetAnswer, NetRequest } from "./net.ts";

/** What libraries take for fetch. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** What a library wants to send, for the house's own way out. Throws for what it cannot carry. */
export async function toNetRequest(
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<Pick<NetRequest, "url" | "method" | "headers" | "body">> {
  const url = new URL(input instanceof Request ? input.url : input);
  const body = await toBytes(init.body);
  const headers = new Headers(init.headers);
  // What a browser's fetch would say by itself.
  if (init.body instanceof URLSearchParams && !headers.has("content-type"))
    headers.set("content-type", "application/x-www-form-urlencoded;charset=UTF-8");
  return {
    url: url.href,
    method: toMethod(init.method ?? "GET"),
    headers: Object.fromEntries(headers),
    ...(body === null ? {} : { body }),
  };
}

export const toResponse = ({ status, headers, body }: NetAnswer): Response =>
  new Response(BODILESS.has(status) ? null : Buffer.from(body), {
    status,
    headers: { ...headers },
  });

function toMethod(text: string): (typeof METHODS)[number] {
  const method = METHODS.find((each) => each === text.toUpperCase());
  if (method === undefined) throw new TypeError(`${text} is no method that can be sent.`);
  return method;
}

/** Libraries send text, forms, bytes and streams of bytes. */
async function toBytes(body: RequestInit["body"]): Promise<string | Uint8Array | null> {
  if (body === null || body === undefined) return null;
  if (typeof body === "string" || body instanceof Uint8Array) return body;
  if (body instanceof URLSearchParams) return body.toString();
  if (Symbol.asyncIterator in body) {
    const pieces: readonly Uint8Array[] = await Array.fromAsync(body);
    return Buffer.concat(pieces);
  }
  throw new TypeError("That kind of body cannot be sent.");
}

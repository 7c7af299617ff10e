import { Failure } from "../failure.ts";

export interface UpstreamReply {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  /** As UTF-8. */
  readonly text: string;
  /** Throws SCHEMA_MISMATCH when it is not JSON. */
  readonly json: () => unknown;
}

/** Reads an answer to its end, and not further than `maxBytes`. */
export async function readReply(response: Response, maxBytes: number): Promise<UpstreamReply> {
  const bytes = await readBytes(response, maxBytes);
  const text = new TextDecoder().decode(bytes);
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    text,
    json() {
      try {
        return JSON.parse(text) as unknown;
      } catch (cause) {
        throw new Failure(
          "SCHEMA_MISMATCH",
          "The service answered with something that is no JSON.",
          {
            hint: "It may be in maintenance, or the address of the service may be wrong.",
            status: response.status,
            cause,
          },
        );
      }
    },
  };
}

async function readBytes(response: Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  if (response.body === null) return new Uint8Array();
  for await (const part of response.body) {
    length += part.byteLength;
    if (length > maxBytes) throw tooLarge(maxBytes);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const tooLarge = (maxBytes: number): Failure =>
  new Failure("UPSTREAM_RESPONSE_TOO_LARGE", `The answer has more than ${maxBytes} bytes.`, {
    hint: "Ask for less: a shorter time, a smaller page.",
  });

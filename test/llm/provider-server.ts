import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { serve } from "../serve.ts";

interface SeenRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  // The body is whatever an adapter sent; a test looks at what it knows to be there.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export interface ProviderServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
}

export type Answer = (response: ServerResponse, attempt: number) => void | Promise<void>;

/** A provider that answers every call as a test says, over real HTTP. */
export async function openProviderServer(answer: Answer): Promise<ProviderServer> {
  const requests: SeenRequest[] = [];
  const server = await serve((request, response) => {
    void (async () => {
      const body: unknown = JSON.parse((await text(request)) || "null");
      requests.push({ url: request.url ?? "", headers: request.headers, body });
      await answer(response, requests.length);
    })();
  });
  return {
    url: server.url,
    requests,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Answers with a stream of events in pieces of `chunkBytes`, and then ends it properly. */
export const sends =
  (stream: string, chunkBytes = Infinity): Answer =>
  async (response) => {
    await write(response, stream, chunkBytes);
    response.end();
  };

/** Answers with a stream of events and then cuts the connection. */
export const cutsAfter =
  (stream: string | Buffer): Answer =>
  async (response) => {
    await write(response, stream, Infinity);
    await setTimeout(20);
    response.destroy();
  };

/** Answers with the first half of a stream, and after a while with the rest. */
export const pausesIn =
  (stream: string, ms: number): Answer =>
  async (response) => {
    const half = Math.floor(stream.length / 2);
    await write(response, stream.slice(0, half), Infinity);
    await setTimeout(ms);
    response.end(stream.slice(half));
  };

/** Answers with the beginning of a stream, and never again. */
export const stallsAfter =
  (stream: string): Answer =>
  (response) =>
    write(response, stream, Infinity);

/** One byte, again and again. */
export const tricklesEvery =
  (ms: number): Answer =>
  (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const timer = setInterval(() => response.write(":"), ms);
    response.on("close", () => clearInterval(timer));
  };

/** Answers with a stream and says when the other side hung up. */
export function untilHungUp(stream: string): {
  readonly answer: Answer;
  readonly hungUp: Promise<void>;
} {
  const { promise: hungUp, resolve } = Promise.withResolvers<void>();
  const answer: Answer = async (response) => {
    response.on("close", resolve);
    await write(response, stream, Infinity);
  };
  return { answer, hungUp };
}

/** Answers without a stream. */
export const refuses =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) => {
    const isText = typeof body === "string";
    response.writeHead(status, {
      "content-type": isText ? "text/html" : "application/json",
      ...headers,
    });
    response.end(isText ? body : JSON.stringify(body));
  };

async function write(
  response: ServerResponse,
  stream: string | Buffer,
  chunkBytes: number,
): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
  const bytes = Buffer.from(stream);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    response.write(bytes.subarray(at, at + chunkBytes));
    // A turn of the loop, so that the pieces leave one by one.
    if (chunkBytes < Infinity) await new Promise(setImmediate);
  }
}

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { newestNumberIn, toAnswer, toFirstSentence } from "./words.ts";

export interface InstantModel extends AsyncDisposable {
  /** For CUSTOM_OPENAI_BASE_URL. */
  readonly baseUrl: string;
  /** By the number of the question: when its first sentence was written, in ms of `performance.now()`. */
  readonly firstSentenceAt: ReadonlyMap<number, number>;
}

/** OpenAI's chat completions without a model behind them: all at once, or `pauseMs` after the first sentence. */
export async function startInstantModel({ pauseMs = 0 } = {}): Promise<InstantModel> {
  const firstSentenceAt = new Map<number, number>();
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const number = newestNumberIn(await text(request)) ?? 0;
    response.writeHead(200, { "content-type": "text/event-stream" });
    if (pauseMs > 0) {
      response.write(toEvent({ content: toFirstSentence(number) }));
      firstSentenceAt.set(number, performance.now());
      await sleep(pauseMs);
    }
    response.end([toEvent({ content: toAnswer(number) }), toEvent({}, "stop"), END].join(""));
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    firstSentenceAt,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const CHUNK = { id: "bench", object: "chat.completion.chunk", created: 0, model: "bench-1" };
const USAGE = { prompt_tokens: 200, completion_tokens: 20, total_tokens: 220 };
const END = `data: ${JSON.stringify({ ...CHUNK, choices: [], usage: USAGE })}\n\ndata: [DONE]\n\n`;

const toEvent = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ ...CHUNK, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

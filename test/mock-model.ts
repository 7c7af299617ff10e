import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { openAiStream, piecesOf } from "./openai-stream.ts";
import { serve } from "./serve.ts";

export interface MockModel extends AsyncDisposable {
  /** For CUSTOM_OPENAI_BASE_URL. */
  readonly baseUrl: string;
  /** Requests so far. */
  readonly requests: () => number;
}

interface ChatMessage {
  readonly role: string;
  readonly content?: string | readonly { readonly text?: string }[] | null;
}

/** The words that a question is answered with: the checker knows them, the program does not. */
export function expectedAnswer(marker: string): string {
  const body = marker.includes("long")
    ? Array.from(
        { length: 40 },
        (_, line) => `Line ${line + 1} about ${marker}, which takes its time to say.`,
      )
    : [
        `This is said about ${marker}.`,
        "It has a few sentences.",
        "They come one after the other.",
      ];
  return [`Answer to ${marker}.`, ...body, `End of ${marker}.`].join("\n");
}

/**
 * A server with OpenAI's chat completions, streaming. It answers the last `[[marker]]` of the last user message with
 * `expectedAnswer`; a marker with "tool" in it asks for the time first. `paceMs` lies between two pieces.
 */
export async function startMockModel({ paceMs = 5 } = {}): Promise<MockModel> {
  let count = 0;
  const server = await serve((request, response) => {
    count++;
    // A client that was killed in the middle is no fault of the server.
    response.on("error", () => {});
    answer(request, response, paceMs).catch(() => response.destroy());
  });
  return {
    baseUrl: `${server.url}/v1`,
    requests: () => count,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  paceMs: number,
): Promise<void> {
  const chunks = await Array.fromAsync(request);
  const { messages = [] } = JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as {
    messages?: readonly ChatMessage[];
  };
  const marker = markerOf(messages);
  const usesTool = marker.includes("tool") && messages.at(-1)?.role !== "tool";
  const stream = openAiStream(response, "mock-1");
  if (usesTool) {
    stream.call("current_time", {});
    return stream.end("tool_calls");
  }
  for (const piece of piecesOf(expectedAnswer(marker))) {
    stream.say(piece);
    if (paceMs > 0) await sleep(paceMs);
  }
  stream.end("stop");
}

function markerOf(messages: readonly ChatMessage[]): string {
  const last = messages.findLast(({ role }) => role === "user");
  const content = last?.content ?? "";
  const text =
    typeof content === "string" ? content : content.map((part) => part.text ?? "").join("\n");
  return /.*\[\[([^\]]+)\]\]/s.exec(text)?.[1] ?? "nothing";
}

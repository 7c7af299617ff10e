import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

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
  const server = createServer((request, response) => {
    count++;
    // A client that was killed in the middle is no fault of the server.
    response.on("error", () => {});
    answer(request, response, paceMs).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests: () => count,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
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
  response.writeHead(200, { "content-type": "text/event-stream" });
  const say = (delta: object, finish: string | null = null) =>
    response.write(`data: ${JSON.stringify(chunkOf(delta, finish))}\n\n`);

  if (usesTool) {
    const call = {
      index: 0,
      id: "call_1",
      type: "function",
      function: { name: "current_time", arguments: "{}" },
    };
    say({ role: "assistant", tool_calls: [call] });
    say({}, "tool_calls");
  } else {
    for (const piece of expectedAnswer(marker).match(/[^]{1,40}/g) ?? []) {
      say({ content: piece });
      if (paceMs > 0) await sleep(paceMs);
    }
    say({}, "stop");
  }
  const usage = { prompt_tokens: 20, completion_tokens: 30, total_tokens: 50 };
  response.write(`data: ${JSON.stringify({ ...chunkOf({}, null), choices: [], usage })}\n\n`);
  response.end("data: [DONE]\n\n");
}

const chunkOf = (delta: object, finish: string | null) => ({
  id: "mock",
  object: "chat.completion.chunk",
  created: 0,
  model: "mock-1",
  choices: [{ index: 0, delta, finish_reason: finish }],
});

function markerOf(messages: readonly ChatMessage[]): string {
  const last = messages.findLast(({ role }) => role === "user");
  const content = last?.content ?? "";
  const text =
    typeof content === "string" ? content : content.map((part) => part.text ?? "").join("\n");
  return /.*\[\[([^\]]+)\]\]/s.exec(text)?.[1] ?? "nothing";
}

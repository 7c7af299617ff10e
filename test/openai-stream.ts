import type { ServerResponse } from "node:http";

export interface OpenAiStream {
  readonly say: (words: string) => void;
  readonly call: (name: string, input: object) => void;
  /** With what it has used. */
  readonly end: (finish: "stop" | "tool_calls") => void;
}

/** An answer of OpenAI's chat completions, streaming. https://platform.openai.com/docs/api-reference/chat-streaming */
export function openAiStream(response: ServerResponse, model: string): OpenAiStream {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const chunk = { id: "test", object: "chat.completion.chunk", created: 0, model };
  const write = (more: object) =>
    response.write(`data: ${JSON.stringify({ ...chunk, ...more })}\n\n`);
  const delta = (given: object, finish: string | null = null) =>
    write({ choices: [{ index: 0, delta: given, finish_reason: finish }] });
  return {
    say: (content) => void delta({ content }),
    call(name, input) {
      const called = { name, arguments: JSON.stringify(input) };
      const call = { index: 0, id: "call_1", type: "function", function: called };
      delta({ role: "assistant", tool_calls: [call] });
    },
    end(finish) {
      delta({}, finish);
      const usage = { prompt_tokens: 20, completion_tokens: 30, total_tokens: 50 };
      write({ choices: [], usage });
      response.end("data: [DONE]\n\n");
    },
  };
}

/** As models give them: a few letters at a time. */
export const piecesOf = (words: string): readonly string[] => words.match(/[^]{1,40}/g) ?? [];

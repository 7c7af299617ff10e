import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { openAiStream } from "../openai-stream.ts";
import { serve } from "../serve.ts";

const ASKED = z.object({
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown().optional() })),
});

export interface CodeModel extends AsyncDisposable {
  /** For CUSTOM_OPENAI_BASE_URL. */
  readonly baseUrl: string;
}

/** Asks for this code to be run, and then says what it was told of it. */
export async function startCodeModel(code: string): Promise<CodeModel> {
  const server = await serve((request, response) => {
    // A client that was killed in the middle is no fault of the server.
    response.on("error", () => {});
    answer(request, response, code).catch(() => response.destroy());
  });
  return {
    baseUrl: `${server.url}/v1`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, code: string) {
  const body = Buffer.concat((await Array.fromAsync(request)) as Buffer[]).toString();
  const last = ASKED.parse(JSON.parse(body)).messages.at(-1);
  const stream = openAiStream(response, "mock-1");
  if (last?.role !== "tool") {
    stream.call("execute_python", { code });
    return stream.end("tool_calls");
  }
  stream.say(`I was told: ${JSON.stringify(last.content)}`);
  stream.end("stop");
}

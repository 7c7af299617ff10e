import type { IncomingMessage } from "node:http";
import { serve } from "./serve.ts";

export interface MockSpeech extends AsyncDisposable {
  readonly baseUrl: string;
  /** What was asked with, one for each request. */
  readonly requests: readonly Asked[];
}

interface Asked {
  readonly model: string;
  readonly fileName: string;
  readonly bytes: Buffer;
}

export const SPEECH_KEY = "speech-test-key";

/**
 * A server with OpenAI's transcriptions: multipart in, JSON out. What it hears is the file itself, which a test writes
 * as text: `status 429` is answered with that status, `old` without saying how long it lasts.
 * https://platform.openai.com/docs/api-reference/audio/createTranscription
 */
export async function startMockSpeech(): Promise<MockSpeech> {
  const requests: Asked[] = [];
  const server = await serve((request, response) => {
    void answer(request).then(
      ({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      },
      () => response.destroy(),
    );
  });

  async function answer(request: IncomingMessage) {
    const form = await readForm(request);
    const isOurs = request.headers.authorization === `Bearer ${SPEECH_KEY}`;
    if (!isOurs) return fault(401, `Incorrect API key provided: ${request.headers.authorization}`);
    if (request.url !== "/v1/audio/transcriptions") return fault(404, "no such path");
    const file = form.get("file");
    const model = form.get("model");
    if (
      !(file instanceof File) ||
      typeof model !== "string" ||
      form.get("response_format") !== "json"
    )
      return fault(400, "file, model and response_format are needed");
    const bytes = Buffer.from(await file.arrayBuffer());
    requests.push({ model, fileName: file.name, bytes });
    const said = bytes.toString();
    const status = /^status (\d+)$/.exec(said)?.[1];
    if (status !== undefined) return fault(Number(status), "asked for");
    const usage = said.startsWith("old") ? {} : { usage: { type: "duration", seconds: 30 } };
    return { status: 200, body: { text: said, ...usage } };
  }

  return {
    baseUrl: `${server.url}/v1`,
    requests,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const fault = (status: number, message: string) => ({
  status,
  body: { error: { message, type: "invalid_request_error" } },
});

/** By the platform's own parser of multipart. */
async function readForm(request: IncomingMessage): Promise<FormData> {
  const body = Buffer.concat((await Array.fromAsync(request)) as Buffer[]);
  const headers = { "content-type": request.headers["content-type"] ?? "" };
  return new Response(body, { headers }).formData();
}

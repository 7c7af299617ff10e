import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the model says when the newest words that it is given hold `when`. */
export interface Line {
  readonly when: string;
  readonly says?: string;
  /** Said after `says`, when the tour lets go of it. */
  readonly held?: string;
  /** Called first; `says` then comes after its outcome. */
  readonly calls?: { readonly name: string; readonly input: object };
  /** What the person's memory gains from that question. */
  readonly learns?: readonly { readonly text: string; readonly kind: string }[];
}

export interface TourModel extends AsyncDisposable {
  readonly baseUrl: string;
  /** Lets answers go on that are held, and those that will be. */
  readonly letGo: () => void;
  /** From now on, a line with `held` waits. */
  readonly hold: () => void;
}

interface Asked {
  readonly model?: string;
  readonly messages?: readonly { readonly role: string; readonly content?: unknown }[];
}

const UNKNOWN = "I have nothing to say to that.";

/** A server with OpenAI's chat completions, streaming, that knows its lines. */
export async function startTourModel(lines: readonly Line[]): Promise<TourModel> {
  let gate = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    // A stopped answer closes its connection; that is no fault of the server.
    response.on("error", () => {});
    answer(lines, request, response, () => gate.promise).catch(() => response.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    letGo: () => gate.resolve(),
    hold() {
      gate = Promise.withResolvers<void>();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  lines: readonly Line[],
  request: IncomingMessage,
  response: ServerResponse,
  released: () => Promise<void>,
): Promise<void> {
  const chunks = await Array.fromAsync(request);
  const { messages = [], model = "" } = JSON.parse(
    Buffer.concat(chunks as Buffer[]).toString(),
  ) as Asked;
  const line = lineFor(lines, messages);
  response.writeHead(200, { "content-type": "text/event-stream" });
  const say = (delta: object, finish: string | null = null) =>
    response.write(`data: ${JSON.stringify(chunkOf(model, delta, finish))}\n\n`);

  if (line.calls && messages.at(-1)?.role !== "tool") {
    const { name, input } = line.calls;
    const called = { name, arguments: JSON.stringify(input) };
    say({
      role: "assistant",
      tool_calls: [{ index: 0, id: "call_1", type: "function", function: called }],
    });
    say({}, "tool_calls");
  } else {
    for (const piece of line.says?.match(/[^]{1,40}/g) ?? []) say({ content: piece });
    if (line.held !== undefined) {
      await released();
      say({ content: line.held });
    }
    say({}, "stop");
  }
  const usage = { prompt_tokens: 20, completion_tokens: 30, total_tokens: 50 };
  response.write(
    `data: ${JSON.stringify({ ...chunkOf(model, {}, null), choices: [], usage })}\n\n`,
  );
  response.end("data: [DONE]\n\n");
}

/** The line whose words stand last in what the person said, so that earlier questions do not matter. */
function lineFor(lines: readonly Line[], messages: NonNullable<Asked["messages"]>): Line {
  const words = textOf(messages.findLast(({ role }) => role === "user")?.content);
  const at = ({ when }: Line) => words.lastIndexOf(when);
  const best = lines
    .filter((line) => at(line) >= 0)
    .toSorted((a, b) => at(b) - at(a))
    .at(0);
  const isMemory = textOf(messages[0]?.content).startsWith("You keep the memory");
  if (isMemory) return { when: "", says: JSON.stringify({ facts: best?.learns ?? [] }) };
  return best ?? { when: "", says: UNKNOWN };
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part: { readonly text?: string }) => part.text ?? "").join("\n");
}

const chunkOf = (model: string, delta: object, finish: string | null) => ({
  id: "tour",
  object: "chat.completion.chunk",
  created: 0,
  model,
  choices: [{ index: 0, delta, finish_reason: finish }],
});

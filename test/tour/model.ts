import type { IncomingMessage, ServerResponse } from "node:http";
import { openAiStream, piecesOf } from "../openai-stream.ts";
import { serve } from "../serve.ts";

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
  const server = await serve((request, response) => {
    // A stopped answer closes its connection; that is no fault of the server.
    response.on("error", () => {});
    answer(lines, request, response, () => gate.promise).catch(() => response.destroy());
  });
  return {
    baseUrl: `${server.url}/v1`,
    letGo: () => gate.resolve(),
    hold() {
      gate = Promise.withResolvers<void>();
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
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
  const stream = openAiStream(response, model);
  if (line.calls && messages.at(-1)?.role !== "tool") {
    stream.call(line.calls.name, line.calls.input);
    return stream.end("tool_calls");
  }
  for (const piece of piecesOf(line.says ?? "")) stream.say(piece);
  if (line.held !== undefined) {
    await released();
    stream.say(line.held);
  }
  stream.end("stop");
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

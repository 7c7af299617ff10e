import type { ModelEvent, ModelRequest } from "../../src/core/model.ts";

export const currentTime = {
  name: "current_time",
  description: "Tells the time.",
  inputSchema: { type: "object", properties: {} },
};

/** A request with one message of a person, and whatever else a test wants. */
export function ask(text: string, rest: Partial<ModelRequest> = {}): ModelRequest {
  return {
    system: [{ text: "You are Clara.", stable: true }],
    messages: [{ role: "user", content: [{ type: "text", text }] }],
    lastStableMessage: -1,
    tools: [],
    toolChoice: "auto",
    maxOutputTokens: 1_000,
    signal: new AbortController().signal,
    ...rest,
  };
}

/** All events of an answer. */
export const collect = (events: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> =>
  Array.fromAsync(events);

/** What a person would see. */
export const textOf = (events: readonly ModelEvent[]): string =>
  events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");

export const callsOf = (events: readonly ModelEvent[]) =>
  events.flatMap((event) => (event.type === "tool-call" ? [event.call] : []));

export function endOf(events: readonly ModelEvent[]): Extract<ModelEvent, { type: "end" }> {
  const last = events.at(-1);
  if (last?.type !== "end") throw new Error(`the last event is ${last?.type}`);
  return last;
}

/** Reads until the stream fails; gives what came before and the failure. */
export async function collectUntilFailure(
  events: AsyncIterable<ModelEvent>,
): Promise<{ readonly before: readonly ModelEvent[]; readonly error: unknown }> {
  const before: ModelEvent[] = [];
  try {
    for await (const event of events) before.push(event);
  } catch (error) {
    return { before, error };
  }
  throw new Error("the stream did not fail");
}

/** Hand-written events, one by one. */
export async function* play<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

import type { ModelEvent } from "../core/model.ts";

/**
 * Keeps `start` and the model's thoughts back until the answer has something that cannot be taken back: a word for
 * people, a call, or its end. Until then the attempt can be dropped and another one made, and nobody sees two starts.
 */
export async function* holdBack(
  events: AsyncIterable<ModelEvent>,
  commit: () => void,
): AsyncGenerator<ModelEvent> {
  const held: ModelEvent[] = [];
  let isCommitted = false;
  for await (const event of events) {
    if (!isCommitted && (event.type === "start" || event.type === "reasoning-delta")) {
      held.push(event);
      continue;
    }
    if (!isCommitted) {
      isCommitted = true;
      commit();
      yield* held;
    }
    yield event;
  }
}

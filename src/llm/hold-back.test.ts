import { expect, test } from "vitest";
import { play } from "../../test/llm/requests.ts";
import type { ModelEvent } from "../core/model.ts";
import { holdBack } from "./hold-back.ts";

const start: ModelEvent = { type: "start", provider: "p", model: "m" };
const thought: ModelEvent = { type: "reasoning-delta", text: "hm" };
const word: ModelEvent = { type: "text-delta", text: "Hi" };

async function* broken(events: readonly ModelEvent[]): AsyncGenerator<ModelEvent> {
  yield* events;
  throw new Error("cut");
}

test("holdBack() hands out the start and the thoughts with the first word, in order", async () => {
  const commits: string[] = [];

  const events = await Array.fromAsync(
    holdBack(play([start, thought, word, thought, word]), () => void commits.push("commit")),
  );

  expect(events).toEqual([start, thought, word, thought, word]);
  expect(commits).toEqual(["commit"]);
});

test("holdBack() shows nothing of an attempt that fails before its first word", async () => {
  const seen: ModelEvent[] = [];
  const commits: string[] = [];

  const reading = (async () => {
    const held = holdBack(broken([start, thought]), () => void commits.push("x"));
    for await (const event of held) seen.push(event);
  })();

  await expect(reading).rejects.toThrow("cut");
  expect(seen).toEqual([]);
  expect(commits).toEqual([]);
});

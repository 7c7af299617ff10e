import { expect, test } from "vitest";
import { turnOf } from "../../test/turns.ts";
import { createModelHealth } from "./model-health.ts";

const { id, conversation } = turnOf();
const figures = { costUsd: 0, inputTokens: 0, outputTokens: 0, elapsedMs: 1 };

function watched(...details: readonly string[]): boolean {
  const health = createModelHealth();
  for (const detail of details) {
    const model = detail === "answered" ? "m" : null;
    health.watch(conversation, id, { type: "turn-end", detail, model, ...figures });
  }
  return health.isAway();
}

test("a model is away after two failures in a row, until it answers again", () => {
  expect(watched("model:network")).toBe(false);
  expect(watched("model:network", "model:timeout")).toBe(true);
  expect(watched("model:network", "answered", "model:network")).toBe(false);
  expect(watched("model:network", "model:network", "answered")).toBe(false);
});

test("a model is not away because of questions that it could not work with, nor of budgets", () => {
  expect(watched("model:bad-request", "model:context-too-long", "over-budget")).toBe(false);
  expect(watched("model:network", "over-budget", "model:network")).toBe(true);
});

import { expect, test } from "vitest";
import type { ModelErrorKind } from "../core/model.ts";
import {
  catchingUp,
  modelTrouble,
  overBudget,
  queued,
  starting,
  usingTool,
  WORDS,
} from "./words.ts";

const KINDS: readonly ModelErrorKind[] = [
  "overloaded",
  "rate-limited",
  "timeout",
  "network",
  "broken-stream",
  "auth",
  "no-credit",
  "not-found",
  "context-too-long",
  "bad-request",
  "unknown",
];

test("every failure of a model is told in one small line, with what the person can do", () => {
  const lines = KINDS.map(modelTrouble);

  expect(lines.filter((line) => !/^-# ⚠️ [^\n]+\. (Please|Whoever) [^\n]+\.$/.test(line))).toEqual(
    [],
  );
});

test("no line for people speaks of providers, models by name, or codes", () => {
  const lines = [...KINDS.map(modelTrouble), ...Object.values(WORDS)].join("\n");

  expect(lines).not.toMatch(/anthropic|claude|openai|gpt|api|http|token|\d/i);
});

test.each([
  [30_000, "1 min"],
  [3_599_000, "1 h 0 min"],
  [7_199_999, "2 h 0 min"],
  [9_000_000, "2 h 30 min"],
])("a budget that starts anew in %d ms does so in %s", (resetsInMs, wait) => {
  const limit = { holder: "person", unit: "turns", limit: 20 } as const;

  expect(overBudget(limit, resetsInMs)).toBe(
    `-# 💛 You have reached your limit of 20 answers for today. It starts anew in ${wait}.`,
  );
});

test.each([
  [1, "$1.00"],
  [0.5, "$0.50"],
  [0.005, "$0.005"],
])("a limit of %d dollars is written %s", (limit, amount) => {
  expect(overBudget({ holder: "everyone", unit: "usd", limit }, 60_000)).toContain(
    `I have reached my limit of ${amount} for today.`,
  );
});

test("the lines while one waits are small, and tell figures only", () => {
  expect([
    queued(3),
    starting(2_400),
    catchingUp(4, 9_600),
    usingTool("Looking at the clock"),
  ]).toEqual([
    "-# ⏳ Got it. Your request is queued (position 3).",
    "-# ▶️ Starting your queued request (waited 2 s)…",
    "-# 📨 Catching up on 4 messages (waited 10 s)…",
    "-# 🔧 Looking at the clock…",
  ]);
});

import { expect, test } from "vitest";
import { builtInPersona, houseRules, summaryPrompt } from "./prompts.ts";
import { speakerLabels, toLine } from "./speakers.ts";

test("the prompts are there, and trimmed", () => {
  const prompts = [builtInPersona, houseRules, summaryPrompt];

  expect(prompts.filter((prompt) => prompt.length < 200 || prompt !== prompt.trim())).toEqual([]);
});

test("the built-in persona takes the name of the bot, and nobody else's", () => {
  expect(builtInPersona).toMatch(/^You are \{name\}\./);
  expect(`${builtInPersona}${houseRules}${summaryPrompt}`).not.toMatch(/clara|claude|gpt/i);
});

test("the rules show lines as they are really written", () => {
  const [, example = ""] = /for example `(\[Ana .*?\])`/.exec(houseRules) ?? [];
  const ana = { authorId: "u1", authorName: "Ana", role: "person" } as const;
  const real = toLine(speakerLabels([ana]).get("u1") ?? "", "14:02", "");

  expect(example.replace(/\d/g, "0")).toBe(real.trim().replace(/\d/g, "0"));
});

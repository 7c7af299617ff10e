import { expect, test } from "vitest";
import { failing, say, scriptedModel } from "../../test/scripted-model.ts";
import type { Model, ModelRequest } from "../core/model.ts";
import { chooseTier, isSmallTalk } from "./auto-tier.ts";

const forEver = new AbortController().signal;
const question = { text: "Why is the sky blue?", recent: ["one", "two"] };

test.each([
  "hi",
  "Hello!",
  "hey there Clara 👋",
  "Good morning everyone",
  "thanks a lot!!",
  "  thx  ",
  "how are you?",
  "Merci 🙏",
])("isSmallTalk() is true for %j", (text) => {
  expect(isSmallTalk(text)).toBe(true);
});

test.each([
  "hi, can you prove Fermat's last theorem?",
  "ok",
  "yes",
  "thanks, now rewrite it in Rust",
  "high",
  `hi ${"there ".repeat(20)}`,
  "",
])("isSmallTalk() is false for %j", (text) => {
  expect(isSmallTalk(text)).toBe(false);
});

test("chooseTier() makes no call for a plain greeting", async () => {
  const model = scriptedModel([]);

  const chosen = await chooseTier(model, { text: "Hi Clara!", recent: [] }, forEver);

  expect(chosen).toEqual({ tier: "low", cost: null, by: "rule" });
  expect(model.requests).toEqual([]);
});

test.each([
  ["low", "low"],
  ["HIGH", "high"],
  ["Tier: mid.", "mid"],
])("chooseTier() reads the answer %j, and tells what it cost", async (answer, tier) => {
  const chosen = await chooseTier(scriptedModel([say(answer)]), question, forEver);

  expect(chosen).toMatchObject({
    tier,
    by: "model",
    cost: { provider: "script", model: "script-1", usage: { costUsd: 0.001 } },
  });
});

test.each(["I would say it depends.", "", "highest"])(
  "chooseTier() says mid to the answer %j, which still cost something",
  async (answer) => {
    const chosen = await chooseTier(scriptedModel([say(answer)]), question, forEver);

    expect(chosen).toMatchObject({ tier: "mid", by: "default", cost: { model: "script-1" } });
  },
);

test("chooseTier() says mid when the call fails", async () => {
  const chosen = await chooseTier(scriptedModel([failing("overloaded")]), question, forEver);

  expect(chosen).toEqual({ tier: "mid", cost: null, by: "default" });
});

test("chooseTier() shows little: 500 characters, and 200 of each of the last four lines", async () => {
  const model = scriptedModel([say("low")]);
  const recent = ["a", "b", "c", "d", "e"].map((letter) => letter.repeat(300));

  await chooseTier(model, { text: "x".repeat(9_000), recent }, forEver);

  expect(wordsOf(model.requests[0])).toBe(
    [
      "Before:",
      ...["b", "c", "d", "e"].map((letter) => letter.repeat(200)),
      "Message:",
      "x".repeat(500),
    ].join("\n"),
  );
  expect(model.requests[0]).toMatchObject({ tools: [], maxOutputTokens: 256 });
});

const wordsOf = (request: ModelRequest | undefined): unknown =>
  request?.messages[0]?.role === "user" && request.messages[0].content[0]?.type === "text"
    ? request.messages[0].content[0].text
    : null;

/** Says nothing until it is told to stop. */
const stuck: Model = {
  name: "stuck",
  contextTokens: 1_000,
  // oxlint-disable-next-line require-yield
  async *stream({ signal }) {
    await new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason as Error)),
    );
  },
};

test("chooseTier() does not wait for a model that says nothing", async () => {
  const chosen = await chooseTier(stuck, question, forEver, 20);

  expect(chosen).toEqual({ tier: "mid", cost: null, by: "default" });
});

test("chooseTier() ends with the signal's own reason when the turn is stopped", async () => {
  const stop = new AbortController();
  const reason = new Error("a person said stop");

  const choosing = chooseTier(stuck, question, stop.signal);
  stop.abort(reason);

  await expect(choosing).rejects.toBe(reason);
});

import { expect, test } from "vitest";
import { commandContext } from "../../../test/command-context.ts";
import { newDm } from "../../../test/talk.ts";
import type { KeyEntered, Setup } from "../../core/setup.ts";
import { setup, setupActions } from "./setup.ts";

const INVITE = "https://discord.com/oauth2/authorize?client_id=1";
const place = newDm("ana");
const contextOf = (isOperator: boolean) => commandContext(place, "ana", { isOperator });

/** A setup that says this of every key, and what was entered. */
function fakeSetup(answer: KeyEntered, isDemo = true) {
  const entered: string[] = [];
  const current: Setup = {
    isDemo: () => isDemo,
    providers: [
      { variable: "OPENROUTER_API_KEY", name: "OpenRouter", url: "https://openrouter.ai/keys" },
    ],
    async enterKey(variable, key) {
      entered.push(`${variable}=${key}`);
      return answer;
    },
  };
  const deps = { setup: current, botName: "Clara", inviteUrl: () => INVITE };
  const [ask, enter] = setupActions(deps);
  if (!ask || !("form" in ask) || !enter || !("run" in enter))
    throw new Error("A form, then a run");
  return { command: setup(deps), ask, enter, entered };
}

const WORKS: KeyEntered = { kind: "works", model: "openrouter/mid" };
const data = { variable: "OPENROUTER_API_KEY" };

test("/clara setup offers the operator each provider, and the invitation", async () => {
  const { command } = fakeSetup(WORKS);

  const reply = await command.run({}, contextOf(true));

  expect(reply).toMatchObject({
    text: expect.stringMatching(/demo model[^]*https:\/\/openrouter\.ai\/keys/),
    rows: [
      [{ kind: "button", label: "OpenRouter", action: "setup-key", data }],
      [{ kind: "link", url: INVITE }],
    ],
  });
});

test("/clara setup tells everybody else that it is not theirs", async () => {
  const { command, enter, entered } = fakeSetup(WORKS);

  expect(await command.run({}, contextOf(false))).toMatch(/Only the owner/);
  await enter.run({ data, values: [], fields: { key: "sk-1" } }, contextOf(false));

  expect(entered).toEqual([]);
});

test("the form asks for one key, and leads to the trial", () => {
  const { ask } = fakeSetup(WORKS);

  expect(ask.form({ data, values: [], fields: {} }, contextOf(true))).toMatchObject({
    title: "Key for OpenRouter",
    fields: [{ name: "key", isRequired: true }],
    action: "setup-enter",
    data,
  });
});

test("a key that works is told with the model that answers, and never with the key", async () => {
  const { enter, entered } = fakeSetup(WORKS);

  const outcome = await enter.run({ data, values: [], fields: { key: "sk-1" } }, contextOf(true));

  expect(entered).toEqual(["OPENROUTER_API_KEY=sk-1"]);
  expect(JSON.stringify(outcome)).toMatch(/openrouter\/mid/);
  expect(JSON.stringify(outcome)).not.toMatch(/sk-1/);
});

test("a key that is refused is told with what to do, and may be entered again", async () => {
  const { enter } = fakeSetup({ kind: "refused", words: "Make a new one." });

  const outcome = await enter.run({ data, values: [], fields: { key: "sk-1" } }, contextOf(true));

  expect(outcome).toMatchObject({
    kind: "whisper",
    reply: {
      text: "That key was not taken. Make a new one.",
      rows: [[{ action: "setup-key" }], [{ kind: "link" }]],
    },
  });
});

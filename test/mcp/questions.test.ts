/** What a server asks back, through the whole house: to the person in Discord, and back into the call. */
import { createRequire } from "node:module";
import { expect, onTestFinished, test } from "vitest";
import { createTurnRunner } from "../../src/agent/turn-runner.ts";
import { openMcpQuestions } from "../../src/app/mcp-questions.ts";
import type { Announcer } from "../../src/core/announcer.ts";
import type { ModelRequest } from "../../src/core/model.ts";
import type { Platform } from "../../src/core/principal.ts";
import { createFakeAsker } from "../fake-asker.ts";
import { startFakeDiscord, type Message } from "../fake-discord/index.ts";
import { goOnline } from "../open-discord.ts";
import { openEmbeddedStore } from "../open-test-store.ts";
import { call, say, scriptedModel, type ScriptedModel } from "../scripted-model.ts";
import { turnDeps } from "../turn-deps.ts";
import { openPlugIns } from "./open-plug-ins.ts";
import { program } from "./programs.ts";

const require = createRequire(import.meta.url);
const EVERYTHING = require.resolve("@modelcontextprotocol/server-everything/dist/index.js");
const PATIENT = { timeout: 120_000 };
const WAIT = { timeoutMs: 60_000 };

/** Clara online, with a server that asks back. */
async function open(model: ScriptedModel) {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord[Symbol.asyncDispose]());
  const store = await openEmbeddedStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
  const announcers = new Map<Platform, Announcer>();
  const asker = createFakeAsker("It is four.");
  const questions = openMcpQuestions(store, asker, announcers);
  const plugIns = await openPlugIns({ questions }, { paces: {} }, store);
  let poke = () => {};
  const { clara } = await goOnline(discord, {}, store, { poke: () => poke() });
  announcers.set("discord", clara.announcer);
  const deps = turnDeps({ store, outlet: clara.outlet, model });
  const runner = createTurnRunner({ ...deps, toolSource: plugIns.mcp.source }, { graceMs: 0 });
  ({ poke } = runner);
  const stopping = new AbortController();
  const running = runner.run(stopping.signal);
  onTestFinished(async () => {
    stopping.abort();
    await running;
  });
  await plugIns.addApproved(program("everything", [EVERYTHING]));

  /** The message that says that something is asked; a card that comes before is clicked. */
  async function asked(): Promise<Message> {
    const bySomebody = (start: string) => (message: Message) => message.content.includes(start);
    const card = await discord.general.waitFor(bySomebody("```json"), WAIT);
    await discord.ana.clicks(card, "Approve once");
    return discord.general.waitFor(bySomebody("❔"), WAIT);
  }
  return { discord, asker, asked };
}

function answersIn(request: ModelRequest | undefined): string {
  const last = request?.messages.at(-1);
  return last?.role === "tool" ? last.answers.map(({ text }) => text).join("\n") : "";
}

/** Calls it, and tells the end when it was told what came of it. */
const calling = (tool: string, input: Record<string, string> = {}) =>
  scriptedModel((request) => {
    const told = answersIn(request);
    if (told.includes("waits for a click")) return say("Please click.");
    return /provided|declined|cancel|four|allow it/.test(told)
      ? say("That is all.")
      : call([tool, input]);
  });

test(
  "a form is shown to the one who asked alone, and what he writes comes back into the call",
  PATIENT,
  async () => {
    const model = calling("everything__trigger-elicitation-request");
    const { discord, asked } = await open(model);
    await discord.ana.says("@Clara let it ask me");
    const announced = await asked();

    const strangers = await (await discord.ben.clicks(announced, "Look")).followup(1, WAIT);
    const shown = await (await discord.ana.clicks(announced, "Look")).followup(1, WAIT);
    const seen = shown.content;
    const form = await discord.ana.clicks(shown, "Answer");
    await discord.ana.submits(form, { field0: "Ana", field1: "yes" });
    await discord.general.waitFor(({ content }) => content.startsWith("That is all."), WAIT);

    const told = model.requests.map(answersIn).join("\n");
    expect(announced.content).toContain("**everything**");
    expect(announced.content).not.toContain("legal name");
    expect(strangers.content).toContain("not yours");
    expect(seen).toContain("Your full, legal name");
    expect(shown.onlyFor).toBe(discord.ana.id);
    expect(told).toContain("- Name: Ana");
    expect(told).toContain("- Agreed to terms: true");
  },
);

test("a model is asked when the person has seen what, and allowed it", PATIENT, async () => {
  const model = calling("everything__trigger-sampling-request", { prompt: "two and two?" });
  const { discord, asked, asker } = await open(model);
  await discord.ana.says("@Clara let it ask a model");
  const announced = await asked();
  const before = asker.questions.length;

  const shown = await (await discord.ana.clicks(announced, "Look")).followup(1, WAIT);
  const seen = shown.content;
  await discord.ana.clicks(shown, "Allow this once");
  await discord.general.waitFor(({ content }) => content.startsWith("That is all."), WAIT);

  expect(before).toBe(0);
  expect(seen).toContain("two and two?");
  expect(asker.questions).toMatchObject([{ purpose: "mcp-sampling" }]);
  expect(model.requests.map(answersIn).join("\n")).toContain("It is four.");
});

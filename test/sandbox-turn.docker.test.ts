import { randomUUIDv7 } from "node:crypto";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { systemClock } from "../src/core/clock.ts";
import { defineTool } from "../src/core/tool.ts";
import { parseTierPrefix } from "../src/llm/tier-prefix.ts";
import { createTerminal } from "../src/terminal/index.ts";
import { sandboxTools } from "../src/tools/sandbox/all.ts";
import { openLocal } from "./open-sandbox-service.ts";
import { describeDocker } from "./open-sandbox.ts";
import { openTestHouse } from "./open-test-house.ts";
import { call, say, scriptedModel, type ScriptedModel } from "./scripted-model.ts";

const TIMEOUT_MS = 10_000;

/** Gives the words of a page, as a tool for the web does. */
const readPage = defineTool({
  name: "read_page",
  description: "",
  label: "Reading",
  effect: "read",
  timeoutMs: TIMEOUT_MS,
  input: z.object({}),
  run: async () => ({ text: "6 7", taints: [{ source: "web", name: "a.example" }] }),
});

const note = defineTool({
  name: "note",
  description: "",
  label: "Noting",
  effect: "write",
  timeoutMs: TIMEOUT_MS,
  input: z.object({ text: z.string() }),
  run: async () => ({ text: "noted" }),
});

/** Somebody asks one line after the other; gives what the model was told of its calls, in all turns. */
async function talk(
  model: ScriptedModel,
  questions: readonly string[],
): Promise<readonly string[]> {
  const workspaces = await openLocal();
  const tools = sandboxTools({
    workspaces,
    files: { read: async () => null, save: async () => ({ kind: "full", quotaBytes: 0 }) },
    packages: { indexUrl: "https://pypi.org/simple", hosts: ["pypi.org"] },
  });
  await using house = await openTestHouse(model, [readPage, note, ...tools]);
  const input = Object.assign(new PassThrough(), { isTTY: false });
  const output = Object.assign(new PassThrough({ encoding: "utf8" }), {
    isTTY: false,
    columns: 80,
    rows: 24,
  });
  let written = "";
  output.on("data", (text: string) => (written += text));
  const edges = {
    input,
    output,
    clock: systemClock,
    createId: randomUUIDv7,
    readTier: parseTierPrefix,
  };
  const terminal = createTerminal({ ...house, ...edges }, { botName: "Clara", version: "1" });
  const stop = new AbortController();
  const running = terminal.run(stop.signal);
  onTestFinished(() => stop.abort());
  for (const [index, question] of questions.entries()) {
    input.write(`${question}\n`);
    await expect.poll(() => written).toContain(`done ${index}`);
  }
  stop.abort();
  await running;
  return model.requests.flatMap(({ messages }) =>
    messages.flatMap((message) =>
      message.role === "tool" ? message.answers.map(({ text }) => text) : [],
    ),
  );
}

describeDocker("code in a turn", () => {
  test("runs without a click although the turn has read a page, and what comes of it does not", async () => {
    const model = scriptedModel([
      call(["read_page", {}]),
      call(["execute_python", { code: "x = 6 * 7\nx" }]),
      call(["note", { text: "42" }]),
      say("done 0"),
    ]);

    const told = await talk(model, ["Multiply the page"]);

    expect(told.at(-2)).toMatch(/^<<data [\da-f]+ from .*a\.example.*\n42\n/);
    expect(told.at(-1)).toMatch(/^Not done yet: .* waits for a click/);
  });

  test("what a page's words left in the workspace asks for a click in a later turn, too", async () => {
    const model = scriptedModel([
      call(["read_page", {}]),
      call(["write_file", { path: "kept", content: "from the page" }]),
      say("done 0"),
      call(["read_file", { path: "kept" }]),
      call(["note", { text: "from the page" }]),
      say("done 1"),
    ]);

    const told = await talk(model, ["Keep the page", "Note it"]);

    expect(told.at(-2)).toMatch(/^<<data .*a\.example.*\nfrom the page\n/);
    expect(told.at(-1)).toMatch(/^Not done yet/);
  });

  test("what is only calculated is nobody else's: what comes of it needs no click", async () => {
    const model = scriptedModel([
      call(["execute_python", { code: "6 * 7" }]),
      call(["note", { text: "42" }]),
      say("done 0"),
    ]);

    const told = await talk(model, ["What is 6 times 7?"]);

    expect(told.at(-2)).toMatch(/^42\n/);
    expect(told.at(-1)).toBe("noted");
  });

  test("a way out waits for a click, always", async () => {
    const model = scriptedModel([
      call(["run_online", { code: "1", hosts: ["a.example"] }]),
      call(["install_package", { package: "pandas" }]),
      say("done 0"),
    ]);

    const told = await talk(model, ["Go out"]);

    expect(told.slice(-2)).toEqual([
      expect.stringMatching(/^Not done yet: "Run code that may send anything to" waits/),
      expect.stringMatching(/^Not done yet: "Install a package in the sandbox" waits/),
    ]);
  });
});

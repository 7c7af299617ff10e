import { execFileSync } from "node:child_process";
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { fakeAgentSdk } from "../../../test/fake-agent-sdk.ts";
import { toolContext } from "../../../test/web-net.ts";
import type { BudgetLeft } from "../../core/asker.ts";
import { userId } from "../../core/ids.ts";
import type { ToolContext } from "../../core/tool.ts";
import { claudeCodeTools, type ClaudeCodeDeps } from "./claude-code.ts";

const ENV = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: tmpdir() };

/** The context of whoever is allowed. */
const ana: ToolContext = {
  ...toolContext,
  scope: {
    ...toolContext.scope,
    principal: { ...toolContext.scope.principal, platform: "discord", userId: userId("discord:7") },
  },
};

/** A folder `project` under git with `a.txt`, beside it `secret`, and within it a link that leads there. */
async function openScene(change: Partial<ClaudeCodeDeps> = {}) {
  const home = await realpath(await mkdtemp(join(tmpdir(), "clara-code-")));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const root = join(home, "project");
  await mkdir(join(root, "inner"), { recursive: true });
  await mkdir(join(home, "secret"));
  await symlink(join(home, "secret"), join(root, "way-out"));
  await writeFile(join(root, "a.txt"), "one\n");
  execFileSync("git", ["init", "-q"], { cwd: root, env: ENV });
  const sdk = fakeAgentSdk();
  const charged: (number | null)[] = [];
  const tokens: number[] = [];
  const tools = claudeCodeTools(
    {
      loadSdk: async () => sdk,
      ledger: {
        async charge(_, __, { cost: { usage } }) {
          charged.push(usage.costUsd);
          tokens.push(usage.inputTokens + usage.outputTokens);
        },
      },
      left: async () => [],
      cleanText: (text) => text.replaceAll("secret-key", "[removed]"),
      ...change,
    },
    {
      root,
      allowedUsers: new Set(["7", "8"]),
      maxTurns: 10,
      executable: null,
      env: ENV,
      apiKey: "k",
    },
  );
  const run = async (name: string, input: object, context: ToolContext = ana) => {
    const tool = tools.find((candidate) => candidate.name === name);
    if (!tool) throw new Error(`No tool ${name}`);
    return tool.run(tool.input.parse(input), context);
  };
  return { home, root, sdk, charged, tokens, run };
}

test("claude_code works in its folder, tells what it does, and gives what it changed, said and cost", async () => {
  const { root, sdk, charged, run } = await openScene();
  await writeFile(join(root, "mine.txt"), "not committed, and not the agent's\n");
  const steps: string[] = [];

  const { text, files, taints, isError } = await run(
    "claude_code",
    { prompt: "edit secret-key", max_turns: 99, allowed_tools: "Bash(git add a,b), WebSearch" },
    { ...ana, progress: (step) => void steps.push(step) },
  );

  expect(isError).toBe(false);
  expect(text).toContain("I did it.");
  expect(text).toContain("It cost $0.25.");
  expect(steps).toEqual(["Claude Code: Edit a.txt"]);
  const diff = Buffer.from(files?.[0]?.content ?? []).toString();
  expect(diff).toContain("+edit [removed]\n");
  expect(diff).not.toContain("mine.txt");
  expect(taints).toEqual([{ source: "sandbox", name: "Claude Code" }]);
  expect(charged).toEqual([0.25]);
  expect(sdk.asked[0]?.options).toMatchObject({
    cwd: root,
    maxTurns: 10,
    permissionMode: "acceptEdits",
    systemPrompt: { type: "preset", preset: "claude_code" },
    allowedTools: ["Bash(git add a,b)", "WebSearch"],
    settingSources: [],
    persistSession: false,
  });
  expect(sdk.asked[0]?.options.env).toEqual({ ...ENV, ANTHROPIC_API_KEY: "k" });
});

test("nothing that the folder's own settings name is run to see what changed, nor written into its git", async () => {
  const { home, root, run } = await openScene();
  const traces = () => readdir(home, { recursive: true });
  const leaves = (name: string) => `touch ${join(home, name)}; cat`;
  await appendFile(
    join(root, ".git/config"),
    [
      `[filter "evil"]\n\tclean = "${leaves("ran-clean")}"\n\tprocess = "${leaves("ran-process")}"`,
      `[diff "evil"]\n\ttextconv = "${leaves("ran-textconv")}"\n\tcommand = "${leaves("ran-diff")}"`,
      `[core]\n\tfsmonitor = "${leaves("ran-monitor")}"\n`,
    ].join("\n"),
  );
  await writeFile(join(root, ".gitattributes"), "* filter=evil diff=evil\n");
  const before = await traces();

  const { files } = await run("claude_code", { prompt: "edit", working_dir: "." });

  expect(Buffer.from(files?.[0]?.content ?? []).toString()).toContain("+edit\n");
  expect((await traces()).toSorted()).toEqual(before.toSorted());
});

test("what changed in a folder within one under git is told, and nothing is left behind", async () => {
  const { home, root, run } = await openScene();
  vi.stubEnv("TMPDIR", home);
  onTestFinished(() => void vi.unstubAllEnvs());
  await writeFile(join(root, "inner", "a.txt"), "one\n");
  const ours = async () =>
    (await readdir(home)).filter((name) => name.startsWith("clara-changes-"));
  const stop = new AbortController();

  const { files } = await run("claude_code", { prompt: "edit", working_dir: "inner" });
  const stopped = run("claude_code", { prompt: "linger" }, { ...ana, signal: stop.signal });
  await expect.poll(async () => (await ours()).length).toBe(1);
  stop.abort(new Error("enough"));

  await expect(stopped).rejects.toThrow("enough");
  expect(Buffer.from(files?.[0]?.content ?? []).toString()).toContain("+++ b/inner/a.txt");
  expect(await ours()).toEqual([]);
});

test("what the agent may not do is denied, and the words say how to allow it", async () => {
  const { run } = await openScene();

  const { text } = await run("claude_code", { prompt: "run the tests" });

  expect(text).toContain("It was not allowed to: Bash npm test. If the person wants that");
  expect(text).toContain("It changed nothing.");
});

test("Stop ends it at once, all that it might have spent stands on the meter, and the folder is free again", async () => {
  const { sdk, charged, tokens, run } = await openScene({ left: async () => [budget(0.25)] });
  const stop = new AbortController();
  const reason = new Error("a person said stop");

  const working = run("claude_code", { prompt: "hang" }, { ...ana, signal: stop.signal });
  // Taken by the first, so the second is refused.
  await expect
    .poll(() => run("claude_code_status", {}))
    .toMatchObject({
      text: expect.stringContaining("At work in"),
    });
  await expect.poll(() => sdk.asked).toHaveLength(1);
  const second = await run("claude_code", { prompt: "edit" });
  stop.abort(reason);

  await expect(working).rejects.toBe(reason);
  expect(second.text).toContain("at work in that folder already");
  expect(charged).toEqual([0.75]);
  expect(tokens).toEqual([30]);
  expect((await run("claude_code_status", {})).text).toContain("Nothing runs.");
});

test("stopped once it has said what it cost, it is charged just that", async () => {
  const { charged, run } = await openScene({ left: async () => [budget(0)] });
  const stop = new AbortController();

  const working = run("claude_code", { prompt: "linger" }, { ...ana, signal: stop.signal });
  await expect
    .poll(async () => (await run("claude_code_status", {})).text)
    .toContain("Edit late.txt");
  stop.abort(new Error("enough"));

  await expect(working).rejects.toThrow("enough");
  expect(charged).toEqual([0.25]);
});

test("stopped before it began, it is charged nothing", async () => {
  const { sdk, charged, run } = await openScene({ left: async () => [budget(0)] });
  const signal = AbortSignal.abort(new Error("enough"));

  const working = run("claude_code", { prompt: "edit" }, { ...ana, signal });

  await expect(working).rejects.toThrow("enough");
  expect([sdk.asked, charged]).toEqual([[], []]);
});

const budget = (spent: number): BudgetLeft => ({
  limit: { holder: "person", unit: "usd", limit: 1 },
  spent,
  resetsInMs: 0,
});

test("a budget is looked at before, and what is left of it is all that the agent gets", async () => {
  const rich = await openScene({ left: async () => [budget(0.25)] });
  const poor = await openScene({ left: async () => [budget(1)] });

  const { text, isError } = await rich.run("claude_code", { prompt: "dear" });
  const refused = await poor.run("claude_code", { prompt: "edit" });

  expect(rich.sdk.asked[0]?.options.maxBudgetUsd).toBe(0.75);
  expect(isError).toBe(true);
  expect(text).toContain("error_max_budget_usd");
  expect(refused.text).toContain("budget of today is spent");
  expect(poor.sdk.asked).toEqual([]);
});

test.each([
  "..",
  "../secret",
  "way-out",
  "inner/../..",
  "/",
  "/etc",
  "a.txt",
  "nowhere",
  "inner/../way-out",
])("no folder but the allowed one and those within it: %s", async (folder) => {
  const { sdk, run } = await openScene();

  const set = await run("claude_code_set_workdir", { directory: folder });
  const worked = await run("claude_code", { prompt: "edit", working_dir: folder });

  expect([set.text, worked.text]).toEqual(
    Array.from({ length: 2 }, () => "There is no such folder within the one where I may work."),
  );
  expect(sdk.asked).toEqual([]);
});

test("a folder that was set is used from then on, by that person", async () => {
  const { root, sdk, run } = await openScene();

  await run("claude_code_set_workdir", { directory: "inner" });
  await run("claude_code", { prompt: "look" });

  expect(sdk.asked[0]?.options.cwd).toBe(join(root, "inner"));
  expect((await run("claude_code_get_workdir", {})).text).toBe(join(root, "inner"));
});

test("only those whom the operator named can use any of it", async () => {
  const { sdk, run } = await openScene();
  const { principal } = ana.scope;
  const eve = { ...principal, userId: userId("discord:77") };
  const stranger = { ...principal, platform: "web" as const, userId: userId("web:7") };

  for (const who of [eve, stranger]) {
    const context = { ...ana, scope: { ...ana.scope, principal: who } };
    for (const [name, input] of [
      ["claude_code", { prompt: "edit" }],
      ["claude_code_status", {}],
      ["claude_code_set_workdir", { directory: "." }],
      ["claude_code_get_workdir", {}],
    ] as const)
      expect((await run(name, input, context)).text).toContain("whom the operator has named");
  }
  expect(sdk.asked).toEqual([]);
});

test("one sees what one's own runs do, and of others' only how many there are", async () => {
  const { sdk, run } = await openScene();
  const { principal } = ana.scope;
  const ben = {
    ...ana,
    scope: { ...ana.scope, principal: { ...principal, userId: userId("discord:8") } },
  };
  const stop = new AbortController();
  const working = run("claude_code", { prompt: "hang" }, { ...ana, signal: stop.signal });
  await expect.poll(() => sdk.asked).toHaveLength(1);

  const own = await run("claude_code_status", {});
  const others = await run("claude_code_status", {}, ben);
  stop.abort(new Error("enough"));

  await expect(working).rejects.toThrow("enough");
  expect(own.text).toMatch(/At work in .*project: begins$/);
  expect(others.text).toMatch(/\nRuns of others: 1\.$/);
  expect(others.text).not.toContain("begins");
});

test("where it is not installed, the words say what to do", async () => {
  const { run } = await openScene({ loadSdk: async () => null });

  expect((await run("claude_code", { prompt: "edit" })).text).toContain("npm install --no-save");
});

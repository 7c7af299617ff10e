import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect, onTestFinished, test } from "vitest";
import { createFakeAsker } from "../../../test/fake-asker.ts";
import { newMcpServer } from "../../../test/mcp-rows.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { ask as say, newDm, newName } from "../../../test/talk.ts";
import type { ToolRule } from "../../core/approvals.ts";
import type { Announcement } from "../../core/announcer.ts";
import { systemClock } from "../../core/clock.ts";
import type { McpAnswer, McpQuestion } from "../../core/mcp-questions.ts";
import type { Scope } from "../../core/principal.ts";
import type { ToolContext } from "../../core/tool.ts";
import { createAskPerson } from "./ask-person.ts";
import { WAIT_MS } from "./limits.ts";
import { createServerQuestions } from "./server-questions.ts";

const store = share(openEmbeddedStore);
const EVERYTHING = "node_modules/@modelcontextprotocol/server-everything/dist/index.js";

/** A real server that asks back, and a person whose call it works on. */
async function setUp(rules: readonly ToolRule[] = []) {
  const name = newName("ana");
  const place = newDm(name);
  await say(store(), place.message(name, "hello"));
  const context: ToolContext = {
    scope: place.scope(name),
    conversationId: place.conversation.id,
    signal: new AbortController().signal,
  };
  const said: Announcement[] = [];
  let aheadMs = 0;
  const clock = { ...systemClock, now: () => new Date(Date.now() + aheadMs) };
  const announcer = {
    async announce(announcement: Announcement) {
      said.push(announcement);
      return { kind: "said", place: place.conversation, messageId: "1" } as const;
    },
  };
  const asker = createFakeAsker("It is four.");
  const { mcpQuestions: questions } = store();
  const ask = createAskPerson({
    questions,
    announcers: () => new Map([["discord", announcer]]),
    clock,
    createKey: () => randomUUID().replaceAll("-", "").slice(0, 22),
    pause: (_, signal) => new Promise((resolve) => setTimeout(resolve, signal.aborted ? 0 : 5)),
  });
  const served = createServerQuestions({
    ask,
    asker,
    questions,
    rules: { of: async () => rules },
    workspaceOf: async () => ({ uri: "file:///work/ana", name: "ana" }),
  });
  const server = {
    ...newMcpServer({ displayName: "Every*thing*" }),
    launch: {
      kind: "stdio",
      command: "node",
      args: [],
      cwd: null,
      env: {},
      secretEnv: [],
      isolation: "process",
    } as const,
    revision: 0,
    access: [],
    status: { state: "ready", detail: null, since: new Date(0) } as const,
  };
  const holder = server.owner;
  const calls: ToolContext[] = [context];
  const client = new Client(
    { name: "clara", version: "1" },
    { capabilities: served.capabilities({ server, holder }) },
  );
  served.answer(client, { server, holder, calls: () => calls, hold: () => () => {} });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [EVERYTHING], stderr: "ignore" }),
  );
  onTestFinished(() => client.close());

  /** What was announced, once it is, and the question behind it as `scope` may see it. */
  async function asked(scope: Scope = context.scope) {
    await expect.poll(() => said.length).toBe(1);
    const [announcement] = said;
    assert(announcement);
    const id = announcement.key;
    const question = await questions.look(scope, id, clock.now());
    const answer = (given: McpAnswer, by: Scope = scope) =>
      questions.answer(by, id, given, clock.now());
    return { announcement, id, question, answer };
  }

  return {
    calls,
    context,
    asked,
    asker,
    questions,
    said,
    clock,
    call: async (tool: string, input: Record<string, unknown> = {}) =>
      JSON.stringify((await client.callTool({ name: tool, arguments: input })).content),
    visit: (pages: Parameters<typeof served.visit>[1]) =>
      served.visit({ server, holder }, pages, context),
    advance: (ms: number) => void (aheadMs += ms),
  };
}

const form = (question: McpQuestion | null) => {
  assert(question?.kind === "form");
  return question;
};

describe("a form that a server asks for", () => {
  test("is answered by the person whose call it works on, as the values that were asked for", async () => {
    const { call, asked } = await setUp();
    const result = call("trigger-elicitation-request");
    const { announcement, question, answer } = await asked();

    await answer({ kind: "accepted", values: { name: "Ana", check: "yes" } });

    expect(announcement.text).toContain("**Everything**");
    expect(announcement.text).not.toContain("Please provide");
    expect(form(question)).toMatchObject({
      message: "Please provide inputs for the following fields:",
      fields: [
        { name: "name", type: "text" },
        { name: "check", type: "boolean" },
        { name: "firstLine", initial: "It was a dark and stormy night." },
        {},
        {},
      ],
    });
    expect(await result).toMatch(/Name: Ana[^]*Agreed to terms: true/);
  });

  test("is seen and answered by nobody else", async () => {
    const { call, asked, questions, clock } = await setUp();
    const result = call("trigger-elicitation-request");
    const { id, answer } = await asked();
    const name = newName("ben");
    const other = newDm(name).scope(name);

    expect(await questions.look(other, id, clock.now())).toBeNull();
    expect(await answer({ kind: "accepted", values: { name: "Ben" } }, other)).toBe(false);
    expect(await answer({ kind: "declined" })).toBe(true);
    expect(await result).toContain("declined");
  });

  test("that nobody answers in time is cancelled, and too late is too late", async () => {
    const { call, asked, advance } = await setUp();
    const result = call("trigger-elicitation-request");
    const { answer } = await asked();

    advance(WAIT_MS + 1);

    expect(await result).toContain("cancelled");
    expect(await answer({ kind: "accepted", values: { name: "Ana" } })).toBe(false);
  });

  test("is declined without a word when calls of two people run", async () => {
    const { call, calls, context, said } = await setUp();
    const name = newName("ben");
    calls.push({ ...context, scope: newDm(name).scope(name) });

    expect(await call("trigger-elicitation-request")).toContain("declined");
    expect(said).toEqual([]);
  });

  test("is declined when no call runs", async () => {
    const { call, calls, said } = await setUp();
    calls.splice(0);

    expect(await call("trigger-elicitation-request")).toContain("declined");
    expect(said).toEqual([]);
  });
});

describe("a page that a server wants to be opened", () => {
  test("is agreed to by the person, and nothing of it comes back", async () => {
    const { call, asked } = await setUp();
    const result = call("trigger-url-elicitation", { url: "https://example.com/pay" });
    const { question, answer } = await asked();

    await answer({ kind: "accepted", values: { stolen: "value" } });

    expect(question).toMatchObject({ kind: "page", url: "https://example.com/pay" });
    expect(await result).not.toContain("stolen");
  });

  test.each([
    "javascript:alert(1)",
    "file:///etc/passwd",
    "http://example.com/",
    "https://a:b@x.example/",
  ])("is not shown when it is %s", async (url) => {
    const { call, said } = await setUp();

    await call("trigger-url-elicitation", { url });

    expect(said).toEqual([]);
  });
});

describe("a page without which a server refuses a call", () => {
  const PAGES = [
    { mode: "url" as const, message: "Pay", url: "https://pay.example", elicitationId: "1" },
  ];

  test("is shown, and the call goes on only when the person has opened it", async () => {
    const { visit, asked } = await setUp();
    const visiting = visit(PAGES);
    const { question, answer } = await asked();

    await answer({ kind: "accepted", values: {} });

    expect(question).toMatchObject({ kind: "page", url: "https://pay.example" });
    expect(await visiting).toBe(true);
  });

  test("is not opened by somebody who says no", async () => {
    const { visit, asked } = await setUp();
    const visiting = visit(PAGES);

    await (await asked()).answer({ kind: "declined" });

    expect(await visiting).toBe(false);
  });

  test("is one of three at most, and no odd address", async () => {
    const { visit, said } = await setUp();
    const odd = PAGES.map((page) => ({ ...page, url: "javascript:alert(1)" }));

    expect(await visit([...PAGES, ...PAGES, ...PAGES, ...PAGES])).toBe(false);
    expect(await visit(odd)).toBe(false);
    expect(said).toEqual([]);
  });
});

describe("a model that a server wants to ask", () => {
  const SAMPLE = { prompt: "two and two?" };

  test("is asked when the person allows it, and on the person's budget", async () => {
    const { call, asked, asker, context } = await setUp();
    const result = call("trigger-sampling-request", SAMPLE);
    const { question, answer } = await asked();

    await answer({ kind: "accepted", values: {} });

    expect(question).toMatchObject({
      kind: "sampling",
      system: "You are a helpful test server.",
      text: expect.stringContaining("two and two?"),
    });
    expect(await result).toContain("It is four.");
    expect(asker.questions).toMatchObject([{ purpose: "mcp-sampling", scope: context.scope }]);
  });

  test("is not asked when the person says no", async () => {
    const { call, asked, asker } = await setUp();
    const result = call("trigger-sampling-request", SAMPLE);
    const { answer } = await asked();

    await answer({ kind: "declined" });

    expect(await result).toContain("did not allow it");
    expect(asker.questions).toEqual([]);
  });

  test.each([
    ["a rule that denies", [rule("deny")], 0, 0],
    ["a rule that allows", [rule("allow")], 0, 1],
    ["a stricter one beside it", [rule("allow"), rule("deny")], 0, 0],
    ["a rule for something else", [{ ...rule("deny"), tool: "web_search" }], 1, 1],
  ])("goes by %s", async (_, rules, questions, models) => {
    const { call, asked, asker, said } = await setUp(rules);
    const result = call("trigger-sampling-request", SAMPLE);
    if (questions > 0) await (await asked()).answer({ kind: "accepted", values: {} });
    await result;

    expect(said).toHaveLength(questions);
    expect(asker.questions).toHaveLength(models);
  });
});

test("the folder that a server may work in is the person's", async () => {
  const { call, calls } = await setUp();

  expect(await call("get-roots-list")).toContain("file:///work/ana");
  calls.splice(0);
});

function rule(verdict: ToolRule["verdict"]): ToolRule {
  return { holder: "guild", tool: "mcp_sampling", verdict, clicker: "asker" };
}

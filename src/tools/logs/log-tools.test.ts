import { expect, test } from "vitest";
import { newChannel, newDm, type Place } from "../../../test/talk.ts";
import type { LogEntry, LogQuery } from "../../core/log-entries.ts";
import type { Operators } from "../../core/operators.ts";
import { logTools } from "./log-tools.ts";

const entry = (change: Partial<LogEntry> = {}): LogEntry => ({
  at: new Date("2026-11-25T12:00:00Z"),
  level: "error",
  event: "turn-failed",
  room: "agent",
  fields: {
    turnId: "turn:discord:1",
    error: { type: "TypeError", message: "no such thing", stack: "TypeError\n    at here" },
  },
  ...change,
});

/** The tools of a house that Ana runs, for whoever asks and wherever. */
function open(found: readonly LogEntry[] = [entry()]) {
  const asked: LogQuery[] = [];
  const entries = {
    async find(query: LogQuery) {
      asked.push(query);
      return found;
    },
  };
  const operators: Operators = { isOperator: async ({ userId }) => userId === "discord:ana" };
  const tools = logTools({ entries, operators });
  const call = async (name: string, input: object = {}, who = "ana", where: Place = newDm(who)) => {
    const tool = tools.find((each) => each.name === name);
    if (!tool) throw new Error(`There is no ${name}`);
    return tool.run(tool.input.parse(input), {
      scope: where.scope(who),
      conversationId: where.conversation.id,
      signal: new AbortController().signal,
    });
  };
  return { asked, call };
}

const NAMES = ["search_logs", "get_recent_logs", "get_error_logs"];

test.each(NAMES)("%s shows the log to whoever runs her, in a direct message", async (name) => {
  const { call } = open();

  const { text, isError, taints } = await call(name);

  expect(isError).toBeUndefined();
  expect(text).toContain("2026-11-25T12:00:00.000Z ERROR agent turn-failed turnId=turn:discord:1");
  expect(text).toContain("TypeError no such thing");
  expect(taints).toEqual([{ source: "web", name: "errors in the log" }]);
});

test.each(NAMES)(
  "%s shows nothing to anybody else, and nothing where others read",
  async (name) => {
    const { call, asked } = open();

    const refused = await call(name, {}, "ben");
    const inChannel = await call(name, {}, "ana", newChannel());

    expect(refused).toMatchObject({
      isError: true,
      text: expect.stringContaining("Only the person"),
    });
    expect(inChannel).toMatchObject({
      isError: true,
      text: expect.stringContaining("direct message"),
    });
    expect(asked).toEqual([]);
  },
);

test.each([
  [
    "search_logs",
    { query: "x", level: "WARNING", logger_name: "llm", hours: 2, limit: 5 },
    { words: "x", levels: ["warn"], room: "llm", withinHours: 2, limit: 5 },
  ],
  ["search_logs", { level: "CRITICAL" }, { words: null, levels: ["error"], withinHours: 24 }],
  ["search_logs", { level: "DEBUG" }, { levels: [] }],
  [
    "get_recent_logs",
    { limit: 3 },
    { limit: 3, withinHours: null, levels: ["info", "warn", "error"] },
  ],
  ["get_error_logs", {}, { levels: ["error"], withinHours: 24, limit: 20 }],
  ["get_error_logs", { include_warnings: true }, { levels: ["warn", "error"] }],
])("%s with %j asks for just that", async (name, input, wanted) => {
  const { call, asked } = open();

  await call(name, input);

  expect(asked).toEqual([expect.objectContaining(wanted)]);
});

test("only errors asked for come with their stacks", async () => {
  const { call } = open();

  expect((await call("get_error_logs")).text).toContain("at here");
  expect((await call("get_recent_logs")).text).not.toContain("at here");
});

test("a long log is cut, and says how much is left", async () => {
  const long = entry({
    fields: Object.fromEntries("abcdefghij".split("").map((name) => [name, "x".repeat(300)])),
  });
  const { call } = open(Array.from({ length: 100 }, () => long));

  const { text } = await call("search_logs");

  expect(text.length).toBeLessThan(16_200);
  expect(text).toMatch(/\(and 9\d older ones: ask for fewer, or search\)$/);
});

test("an empty log says so", async () => {
  expect(await open([]).call("get_recent_logs")).toEqual({ text: "The log has no such entry." });
});

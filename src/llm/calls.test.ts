import { expect, test } from "vitest";
import { ask } from "../../test/llm/requests.ts";
import type { StopReason } from "../core/model.ts";
import { settleStop, toToolCalls, type RawCall } from "./calls.ts";

const call = (change: Partial<RawCall> = {}): RawCall => ({
  id: "call-1",
  name: "echo",
  arguments: '{"text":"a"}',
  ...change,
});

const numbered = (count: number): RawCall[] =>
  Array.from({ length: count }, (_, n) => call({ id: `call-${n}`, arguments: `{"n":${n}}` }));

const read = (raw: readonly RawCall[], stop: StopReason = "tool-calls", request = ask("go")) =>
  toToolCalls(raw, { request, stop, createId: () => "new-id" });

test("toToolCalls() gives a second call with the same id an id of its own", () => {
  const calls = read([call(), call({ arguments: '{"text":"b"}' })]);

  expect(calls.map(({ id }) => id)).toEqual(["call-1", "new-id"]);
});

test("toToolCalls() gives a call without an id one", () => {
  expect(read([call({ id: "" })])).toMatchObject([{ id: "new-id", input: { text: "a" } }]);
});

test("toToolCalls() keeps identical calls of one message once, even 50 of them", () => {
  const calls = read(Array.from({ length: 50 }, (_, n) => call({ id: `call-${n}` })));

  expect(calls).toMatchObject([{ id: "call-0", name: "echo" }]);
});

test("toToolCalls() hands on at most 64 of 200 parallel calls", () => {
  const calls = read(numbered(200));

  expect(calls).toHaveLength(64);
  expect(calls.at(-1)).toMatchObject({ input: { n: 63 } });
});

test.each([
  ["a name with spaces", "current time", "current_time"],
  ["an empty name", "", "unnamed"],
  ["a path", "../../etc/passwd", "______etc_passwd"],
  ["a name of 1,000 characters", "x".repeat(1_000), "x".repeat(64)],
])(
  "toToolCalls() answers %s in words, under a name that may stand in the history",
  (_, wrong, safe) => {
    const [made] = read([call({ name: wrong })]);

    expect(made?.name).toBe(safe);
    expect(made?.problem).toContain("There is no tool named");
  },
);

test("toToolCalls() gives unreadable arguments back to the model", () => {
  expect(read([call({ arguments: '{"text":' })])).toMatchObject([
    { name: "echo", input: {}, problem: expect.stringContaining("not valid JSON") },
  ]);
});

test("toToolCalls() does not run a call that the length limit cut off before its arguments", () => {
  const calls = read([call(), call({ id: "call-2", arguments: "" })], "max-tokens");

  expect(calls.map(({ problem }) => problem)).toEqual([
    null,
    expect.stringContaining("cut off by the limit"),
  ]);
});

test("toToolCalls() hands on nothing when tools are forbidden, whatever the server says", () => {
  expect(read([call()], "tool-calls", ask("go", { toolChoice: "none" }))).toEqual([]);
});

test("toToolCalls() hands on nothing of a refused answer", () => {
  expect(read([call()], "refusal")).toEqual([]);
});

test.each([
  ["end", 1, "tool-calls"],
  ["max-tokens", 1, "tool-calls"],
  ["unknown", 1, "tool-calls"],
  ["tool-calls", 0, "end"],
  ["end", 0, "end"],
  ["max-tokens", 0, "max-tokens"],
  ["refusal", 0, "refusal"],
] as const)("settleStop() makes of %s with %i calls: %s", (stop, count, settled) => {
  expect(settleStop(stop, read(numbered(count)))).toBe(settled);
});

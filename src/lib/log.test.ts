import { expect, test } from "vitest";
import { createLog } from "./log.ts";
import { REMOVED } from "./secret-filter.ts";

const KEY = "sk-ant-api03-abcDEF123456ghiJKL789012";

const known = ["s3cret", "s3cret-and-more"];

const setUp = (level: "info" | "silent" = "info") => {
  const lines: string[] = [];
  const log = createLog({ level, secrets: () => known }, { write: (line) => lines.push(line) });
  return { log, lines };
};

test("an event is one JSON line with its fields, its name and the time", () => {
  const { log, lines } = setUp();

  log.child({ room: "discord" }).info({ turnId: "turn:1", steps: 2 }, "turn-end");
  log.debug({}, "not-shown");

  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    level: 30,
    room: "discord",
    turnId: "turn:1",
    steps: 2,
    msg: "turn-end",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
});

test("an error is written with its stack, and secrets are taken out of it", () => {
  const { log, lines } = setUp();

  log.error({ error: new Error("bad key s3cret-and-more for s3cret") }, "failed");

  const { error } = JSON.parse(lines[0] ?? "") as { error: { message: string; stack: string } };
  expect(error.message).toBe(`bad key ${REMOVED} for ${REMOVED}`);
  expect(error.stack).toMatch(/log\.test\.ts/);
  expect(lines[0]).not.toContain("s3cret");
});

test.each([
  ["a short one", "pass1", "login with pass1 failed", `login with ${REMOVED} failed`],
  ["a plain word", "letmein", "login with letmein failed", `login with ${REMOVED} failed`],
  ["another spelling", "Zx9-Quiet_42", "sent Wng5LVF1aWV0XzQy back", `sent ${REMOVED} back`],
  ["what looks like a key", "unrelated", `at\n${KEY}`, `at\n${REMOVED}`],
])("%s is taken out of a line, which stays JSON", (_, secret, message, shown) => {
  const lines: string[] = [];
  const log = createLog(
    { level: "info", secrets: () => [secret] },
    { write: (line) => lines.push(line) },
  );

  log.warn({ error: new Error(message), quote: `"${secret}"` }, "failed");

  const { error } = JSON.parse(lines[0] ?? "") as { error: { message: string; stack: string } };
  expect(error.message).toBe(shown);
  expect(lines).toEqual([expect.stringMatching(/^[^\n]+\n$/)]);
  expect(lines[0]).not.toContain(secret);
});

test("of an error only what names it is written: no request, no row", () => {
  const { log, lines } = setUp();
  const request = { json: { content: "what Ana said" } };
  const one = Object.assign(new TypeError("refused"), { code: 50_001, requestBody: request });

  log.error({ error: new AggregateError([one], "Two broke") }, "stopped");

  const { error } = JSON.parse(lines[0] ?? "") as { error: object };
  expect(error).toMatchObject({
    message: expect.stringContaining("Two broke"),
    aggregateErrors: [{ type: "TypeError", code: 50_001, message: "refused" }],
  });
  expect(lines[0]).not.toContain("Ana");
});

test("a silent log says nothing", () => {
  const { log, lines } = setUp("silent");

  log.error({}, "failed");

  expect(lines).toEqual([]);
});

test("a secret that looks like a part of the time leaves the time as it is, and goes everywhere else", () => {
  const lines: string[] = [];
  const secrets = () => ["20261", new Date().toISOString().slice(0, 4)];
  const log = createLog({ level: "info", secrets }, { write: (line) => void lines.push(line) });

  log.warn({ deep: { time: "20261" } }, "seen");

  const line = JSON.parse(lines[0] ?? "") as { time: string; deep: { time: string } };
  expect(Date.parse(line.time)).not.toBeNaN();
  expect(line.deep.time).not.toContain("20261");
});

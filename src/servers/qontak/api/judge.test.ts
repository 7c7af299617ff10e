import { expect, test } from "vitest";
import type { UpstreamReply } from "../../kit/upstream/reply.ts";
import { judgeQontak } from "./judge.ts";

const reply = (status: number, text: string): UpstreamReply => ({
  status,
  text,
  headers: new Headers(),
  bytes: Buffer.from(text),
  json: () => JSON.parse(text) as unknown,
});

const meta = (status: unknown, words = "why"): string =>
  JSON.stringify({ meta: { status, developer_message: words, message: "less" } });

test.each([
  { status: 200, text: meta(200) },
  { status: 200, text: meta(201) },
  { status: 200, text: meta("200") },
  { status: 200, text: meta(null) },
  { status: 200, text: meta("OK") },
  { status: 200, text: '{"response":[]}' },
  { status: 204, text: "" },
  { status: 200, text: "no json" },
])("$status $text is no failure", ({ status, text }) => {
  expect(judgeQontak(reply(status, text))).toBeNull();
});

test.each([
  { status: 200, text: meta(422), code: "UPSTREAM_REJECTED", words: "why" },
  { status: 200, text: meta("404"), code: "NOT_FOUND", words: "why" },
  { status: 404, text: meta(200), code: "NOT_FOUND", words: "why" },
  { status: 401, text: '{"error":"expired"}', code: "AUTH_INVALID", words: "expired" },
  {
    status: 400,
    text: '{"error":"invalid_grant","error_description":"revoked"}',
    code: "UPSTREAM_REJECTED",
    words: "revoked",
  },
  { status: 500, text: "<html>", code: "UPSTREAM_UNAVAILABLE", words: "500" },
])("$status $text is $code", ({ status, text, code, words }) => {
  const failure = judgeQontak(reply(status, text));

  expect(failure).toMatchObject({ code });
  expect(failure?.message).toContain(words);
});

test("very long words are cut off", () => {
  const failure = judgeQontak(reply(422, meta(422, "x".repeat(5_000))));

  expect(failure?.message.length).toBeLessThan(500);
});

import { expect, test } from "vitest";
import { PATIENT } from "../../test/llm/dialects.ts";
import { openLine } from "./line.ts";

const errors = { provider: "acme", secrets: [], now: () => new Date("2026-11-25T12:00:00Z") };

/** A line to a server that answers with `body`. */
const lineTo = (body: ReadableStream<Uint8Array>) =>
  openLine({
    fetch: async () => new Response(body, { headers: { "content-type": "text/event-stream" } }),
    signal: new AbortController().signal,
    timeouts: PATIENT,
    errors,
  });

test("a line ends a stream that has become larger than any answer", async () => {
  const megabyte = new Uint8Array(1_000_000);
  const endless = new ReadableStream<Uint8Array>({ pull: (sink) => sink.enqueue(megabyte) });
  using line = lineTo(endless);
  const response = await line.fetch("http://acme.example");

  await expect(response.arrayBuffer()).rejects.toThrow("more than 64000000 bytes");

  expect(line.failure()).toMatchObject({
    kind: "broken-stream",
    message: expect.stringContaining("more than 64000000 bytes"),
  });
});

test.each([
  ["UND_ERR_CONNECT_TIMEOUT", "timeout"],
  ["UND_ERR_HEADERS_TIMEOUT", "timeout"],
  ["ETIMEDOUT", "timeout"],
  ["ECONNREFUSED", "network"],
  ["ENOTFOUND", "network"],
])("a line takes %s for %s", async (code, kind) => {
  const cause = Object.assign(new Error("low down"), { code });
  using line = openLine({
    fetch: async () => {
      throw new TypeError("fetch failed", { cause });
    },
    signal: new AbortController().signal,
    timeouts: PATIENT,
    errors,
  });

  await expect(line.fetch("http://acme.example")).rejects.toThrow(code);

  expect(line.failure()).toMatchObject({ name: "ModelError", kind, retryable: true });
});

test("a line has no failure while all is well", async () => {
  using line = lineTo(new Response("data: hello\n\n").body ?? new ReadableStream());
  const response = await line.fetch("http://acme.example");

  expect(await response.text()).toBe("data: hello\n\n");
  expect(line.failure()).toBeNull();
});

import { expect, test } from "vitest";
import { recordingWebDeps, webOptions } from "../../test/web-deps.ts";
import { messageId, userId } from "../core/ids.ts";
import type { TranscriptMessage } from "../core/message.ts";
import { createWebApp } from "./app.ts";

const conversation = "web:0198f3a2";
const own = { host: "localhost:8001", origin: "http://localhost:8001" };
const json = { ...own, "content-type": "application/json" };

const setUp = (history: readonly TranscriptMessage[] = []) => {
  const deps = recordingWebDeps(history);
  const app = createWebApp(deps, webOptions, new AbortController().signal);
  const call = async (method: string, path: string, body?: unknown) => {
    const init =
      body === undefined ? { headers: own } : { headers: json, body: JSON.stringify(body) };
    const response = await app.request(`/api/playground${path}`, { method, ...init });
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : (JSON.parse(text) as unknown) };
  };
  return { deps, app, call };
};

const line = (change: Partial<TranscriptMessage>): TranscriptMessage => ({
  id: messageId("web:1"),
  role: "person",
  authorId: "web:local",
  authorName: "Guest",
  text: "Hello?",
  replyTo: null,
  attachments: [],
  sentAt: new Date("2026-11-25T12:00:00Z"),
  ...change,
});

test("a question is accepted for the person at this machine, in private", async () => {
  const { deps, call } = setUp();

  const answer = await call("POST", "/messages", { conversation, text: "  Hello?  " });

  expect(answer).toEqual({
    status: 201,
    body: { id: "web:1", turnId: "turn:web:1", text: "Hello?" },
  });
  const me = userId("web:local");
  expect(deps.accepted).toMatchObject([
    {
      scope: { principal: { userId: me }, audience: { kind: "private", userId: me } },
      message: {
        id: "web:1",
        text: "Hello?",
        conversation: { id: conversation, platform: "web", kind: "local" },
        sentAt: new Date("2026-11-25T12:00:00Z"),
      },
      answering: { trigger: "local", tier: null },
    },
  ]);
});

test("a model is chosen by the picker, and a prefix in the question wins over it", async () => {
  const { deps, call } = setUp();

  await call("POST", "/messages", { conversation, text: "Hello?", tier: "low" });
  await call("POST", "/messages", { conversation, text: "!high Hello?", tier: "low" });

  expect(deps.accepted.map(({ answering }) => answering.tier)).toEqual(["low", "high"]);
  expect(deps.accepted.map(({ message }) => message.text)).toEqual(["Hello?", "Hello?"]);
});

test.each([
  ["an empty question", { conversation, text: "  " }, "text: is empty"],
  ["a choice of a model alone", { conversation, text: "!high" }, "Write your question after"],
  ["too long a question", { conversation, text: "x".repeat(16_001) }, "at most 16000 characters"],
  [
    "a foreign conversation",
    { conversation: "discord:1", text: "Hi" },
    "conversation: must be web:",
  ],
  ["an unknown tier", { conversation, text: "Hi", tier: "best" }, "tier: must be high, mid or low"],
  ["no object", "Hi", "expected object"],
])("%s is refused with what to do about it", async (_, body, words) => {
  const { deps, call } = setUp();

  const answer = await call("POST", "/messages", body);

  expect(answer).toEqual({ status: 400, body: { error: expect.stringContaining(words) } });
  expect(deps.accepted).toEqual([]);
});

test("the longest question fits in a body, also written in escapes", async () => {
  const { app, deps } = setUp();
  const text = "\\u00e4".repeat(16_000);

  const body = `{"conversation":"${conversation}","text":"${text}"}`;
  const response = await app.request("/api/playground/messages", {
    method: "POST",
    headers: json,
    body,
  });

  expect(response.status).toBe(201);
  expect(deps.accepted[0]?.message.text).toHaveLength(16_000);
});

test("a body that is too large, or no JSON, is refused", async () => {
  const { app } = setUp();
  const post = (body: string) =>
    app.request("/api/playground/messages", { method: "POST", headers: json, body });

  const large = await post(" ".repeat(128 * 1024 + 1));
  const broken = await post("{");

  expect(large.status).toBe(413);
  expect(await large.json()).toEqual({ error: "At most 128 kB, please." });
  expect(broken.status).toBe(400);
  expect(await broken.json()).toEqual({ error: "The body is not JSON." });
});

test("a question is edited and taken back, and whoever answers is told at once", async () => {
  const { deps, call } = setUp();

  const edited = await call("PATCH", "/messages/web:1", { text: " Better. " });
  const deleted = await call("DELETE", "/messages/web:1");

  expect(edited).toEqual({ status: 200, body: { kind: "again", text: "Better." } });
  expect(deleted).toEqual({ status: 204, body: null });
  expect(deps.revised).toMatchObject([{ id: "web:1", text: "Better." }]);
  expect(deps.forgotten).toEqual(["web:1"]);
  expect(deps.pokes()).toBe(2);
});

test("a message of another platform can be neither edited nor taken back", async () => {
  const { deps, call } = setUp();

  const edited = await call("PATCH", "/messages/discord:1", { text: "Better." });
  const deleted = await call("DELETE", "/messages/discord:1");

  expect([edited.status, deleted.status]).toEqual([400, 400]);
  expect(deps.revised).toEqual([]);
  expect(deps.forgotten).toEqual([]);
});

test("an answer is stopped, and one that is over says so", async () => {
  const { deps, call } = setUp();

  const running = await call("POST", "/stop", { turn: "turn:web:1" });
  const over = await call("POST", "/stop", { turn: "turn:web:2" });

  expect([running.body, over.body]).toEqual([{ stopped: true }, { stopped: false }]);
  expect(deps.stopped[0]).toMatchObject({ id: "turn:web:1", reason: "stopped" });
  expect(deps.pokes()).toBe(2);
});

test("the history brings each answer together with its question", async () => {
  const { call } = setUp([
    line({}),
    line({ id: messageId("web:n"), role: "clara", text: "Hi.", replyTo: messageId("web:1") }),
    line({ id: messageId("web:m"), role: "clara", text: "Stray." }),
  ]);

  const { body } = await call("GET", `/conversations/${conversation}/messages`);

  expect(body).toMatchObject({
    messages: [
      { id: "web:1", role: "person", text: "Hello?", turnId: "turn:web:1" },
      { id: "web:n", role: "clara", text: "Hi.", turnId: "turn:web:1" },
      { id: "web:m", role: "clara", text: "Stray.", turnId: null },
    ],
  });
});

test("a failure within is one sentence, and its cause goes to the log alone", async () => {
  const deps = recordingWebDeps();
  const logged: string[] = [];
  const app = createWebApp(
    {
      ...deps,
      transcript: { recent: () => Promise.reject(new Error("password of the database")) },
      log: { ...deps.log, error: (_, event) => logged.push(event) },
    },
    webOptions,
    new AbortController().signal,
  );

  const path = `/api/playground/conversations/${conversation}/messages`;
  const response = await app.request(path, { headers: own });

  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain("password");
  expect(logged).toEqual(["web-failed"]);
});

test("/approve is no question: it decides on what waits, and says why when it cannot", async () => {
  const { deps, call } = setUp();
  const approve = (text: string) => call("POST", "/messages", { conversation, text });

  const nothing = await approve("/approve");

  expect(nothing).toEqual({
    status: 409,
    body: { error: "Nothing of that name waits for a decision here." },
  });
  expect(deps.accepted).toEqual([]);
});

import { expect, test } from "vitest";
import { connectByHttp, serveOverHttp, type Era } from "../../../test/servers/connect.ts";
import { serverMachine } from "../../../test/servers/machine.ts";
import { openSample, SAMPLE_SECRET } from "../../../test/servers/sample-server.ts";
import { FAILURE_META } from "./answer.ts";
import { USER_META } from "./run-call.ts";

const OWN_KEY = "own-key-0123456789abcdef01";
const HOST_KEY = "host-key-0123456789abcdef0";
const env = { SAMPLE_HTTP_API_KEYS: `anna:${OWN_KEY},*:${HOST_KEY}` };

/** The sample server over HTTP, and the official client that has signed in. */
async function talkingTo({ key = OWN_KEY, era = "auto" }: { key?: string; era?: Era } = {}) {
  const machine = serverMachine(env);
  const served = await serveOverHttp(machine, await openSample(machine));
  const { client } = await connectByHttp(served.url, { key, era });
  return {
    client,
    served,
    machine,
    async [Symbol.asyncDispose]() {
      await client.close();
      await served[Symbol.asyncDispose]();
    },
  };
}

test("a tool answers with structured content and with words", async () => {
  await using talk = await talkingTo();

  const result = await talk.client.callTool({ name: "who_am_i", arguments: {} });

  expect(result.structuredContent).toEqual({ tenant: "anna" });
  expect(result.content).toEqual([{ type: "text", text: "You are anna." }]);
});

test("programs that speak the protocol of 2025 are served, too", async () => {
  await using talk = await talkingTo({ era: "legacy" });

  const result = await talk.client.callTool({ name: "add", arguments: { one: 1, other: 2 } });

  expect(result.structuredContent).toEqual({ sum: 3 });
});

test("tools say in their annotations what they do to the world", async () => {
  await using talk = await talkingTo();

  const { tools } = await talk.client.listTools();

  expect(tools.find(({ name }) => name === "add")?.annotations).toEqual({
    title: "Add",
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: true,
  });
  expect(tools.find(({ name }) => name === "fail")?.annotations).toMatchObject({
    readOnlyHint: false,
    destructiveHint: true,
  });
});

test("a wrong argument is told by its field", async () => {
  await using talk = await talkingTo();

  const result = await talk.client.callTool({ name: "add", arguments: { one: "x", more: 1 } });

  expect(result.isError).toBe(true);
  expect(result.content).toEqual([
    { type: "text", text: expect.stringMatching(/^INVALID_ARGUMENT: .*one: .*other: /) },
  ]);
});

test("a failure tells what happened, what to do, and its code for programs", async () => {
  await using talk = await talkingTo();

  const result = await talk.client.callTool({ name: "fail", arguments: { how: "known" } });

  expect(result.content).toEqual([
    { type: "text", text: 'CONFLICT: It is locked. Unlock it. Details: {"by":"x"}' },
  ]);
  expect(result._meta?.[FAILURE_META]).toMatchObject({ code: "CONFLICT", isPassing: false });
});

test("a bug tells the model nothing of itself, and its secret is in no line of the log", async () => {
  await using talk = await talkingTo();

  const result = await talk.client.callTool({ name: "fail", arguments: { how: "bug" } });

  expect(JSON.stringify(result)).toContain("INTERNAL_ERROR");
  expect(JSON.stringify(result)).not.toContain("a bug");
  expect(talk.machine.logged()).toContain("a bug with [removed: a secret]");
});

test("an answer that does not have its shape is an error", async () => {
  await using talk = await talkingTo();

  const result = await talk.client.callTool({ name: "fail", arguments: { how: "shape" } });

  expect(result._meta?.[FAILURE_META]).toMatchObject({ code: "SCHEMA_MISMATCH" });
});

test("a secret is taken out of answers and of errors", async () => {
  await using talk = await talkingTo();

  const answer = await talk.client.callTool({ name: "leak", arguments: {} });
  const error = await talk.client.callTool({ name: "fail", arguments: { how: "secret" } });

  expect(answer.structuredContent).toEqual({ words: "token=[removed: a secret]!" });
  expect(JSON.stringify([answer, error])).not.toContain(SAMPLE_SECRET);
});

test("who has signed in as one tenant is not let to another, by no way of asking", async () => {
  await using talk = await talkingTo();

  const byArgument = await talk.client.callTool({
    name: "who_am_i",
    arguments: { user_id: "berta" },
  });
  const byHost = await talk.client.callTool({
    name: "who_am_i",
    arguments: {},
    _meta: { [USER_META]: "berta" },
  });

  expect(byArgument._meta?.[FAILURE_META]).toMatchObject({ code: "FORBIDDEN" });
  expect(byHost._meta?.[FAILURE_META]).toMatchObject({ code: "FORBIDDEN" });
});

test("a host that serves many says for whom it is, and what it says goes before the model's word", async () => {
  await using talk = await talkingTo({ key: HOST_KEY });

  const result = await talk.client.callTool({
    name: "who_am_i",
    arguments: { user_id: "berta" },
    _meta: { [USER_META]: "carl" },
  });

  expect(result.structuredContent).toEqual({ tenant: "carl" });
});

test("resources are listed, and read by their URI", async () => {
  await using talk = await talkingTo();

  const { resources } = await talk.client.listResources();
  const { resourceTemplates } = await talk.client.listResourceTemplates();
  const { contents } = await talk.client.readResource({ uri: "sample://things/1" });

  expect(resources.map(({ uri }) => uri).toSorted()).toEqual([
    "sample://about",
    "sample://things/1",
  ]);
  expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(["sample://things/{id}"]);
  expect(contents).toEqual([
    {
      uri: "sample://things/1",
      mimeType: "application/json",
      text: '{\n  "id": 1,\n  "tenant": "anna"\n}',
    },
  ]);
});

test("a resource that is not there is told as such", async () => {
  await using talk = await talkingTo();

  const reading = talk.client.readResource({ uri: "sample://things/2" });

  await expect(reading).rejects.toThrow("NOT_FOUND: There is no thing 2.");
});

test("a prompt says what the person would", async () => {
  await using talk = await talkingTo();

  const { messages } = await talk.client.getPrompt({ name: "greet", arguments: { name: "Dewi" } });

  expect(messages).toEqual([
    { role: "user", content: { type: "text", text: "Say hello to Dewi." } },
  ]);
});

test("progress reaches whoever asked for it", async () => {
  await using talk = await talkingTo();
  const heard: unknown[] = [];

  await talk.client.callTool(
    { name: "add", arguments: { one: 1, other: 2 } },
    { onprogress: (progress) => heard.push(progress) },
  );

  expect(heard).toEqual([expect.objectContaining({ progress: 1, total: 1, message: "added" })]);
});

test("without a key nothing is told but whether it is well", async () => {
  await using talk = await talkingTo();

  const health = await fetch(`${talk.served.root}/health`);
  const metrics = await fetch(`${talk.served.root}/metrics`);

  expect(await health.json()).toEqual({
    status: "healthy",
    server: "sample",
    version: "0.0.0-test",
  });
  expect(metrics.status).toBe(401);
});

test("figures of calls are there for Prometheus", async () => {
  await using talk = await talkingTo();
  await talk.client.callTool({ name: "add", arguments: { one: 1, other: 2 } });

  const metrics = await fetch(`${talk.served.root}/metrics`, {
    headers: { "x-api-key": OWN_KEY },
  });

  expect(await metrics.text()).toContain('mcp_calls_total{kind="tool",name="add",outcome="ok"} 1');
});

test("a web page of somebody else, and a name that leads here, are turned away", async () => {
  await using talk = await talkingTo();
  const headers = { "x-api-key": OWN_KEY };

  const strange = await fetch(`${talk.served.root}/capabilities`, {
    headers: { ...headers, origin: "https://evil.example" },
  });
  const own = await fetch(`${talk.served.root}/capabilities`, {
    headers: { ...headers, origin: "http://localhost:3000" },
  });

  expect(strange.status).toBe(403);
  expect(own.headers.get("access-control-allow-origin")).toBe("http://localhost:3000");
});

test("where a model may not say whom a call is for, only its host can", async () => {
  const machine = serverMachine({ ...env, SAMPLE_USER_ID_ARGUMENT: "off" });
  await using served = await serveOverHttp(machine, await openSample(machine));
  await using connected = await connectByHttp(served.url, { key: HOST_KEY });
  const call = { name: "who_am_i", arguments: { user_id: "berta" } };

  const { tools } = await connected.client.listTools();
  const byModel = await connected.client.callTool(call);
  const byHost = await connected.client.callTool({
    ...call,
    arguments: {},
    _meta: { [USER_META]: "berta" },
  });

  expect(JSON.stringify(tools)).not.toContain("user_id");
  expect(byModel._meta?.[FAILURE_META]).toMatchObject({ code: "INVALID_ARGUMENT" });
  expect(byHost.structuredContent).toEqual({ tenant: "berta" });
});

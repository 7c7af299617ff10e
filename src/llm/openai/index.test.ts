import { expect, test } from "vitest";
import { API_KEY, openai, openrouter } from "../../../test/llm/dialects.ts";
import { openProviderServer, sends } from "../../../test/llm/provider-server.ts";
import { ask, collect } from "../../../test/llm/requests.ts";

test("createOpenAiModel() speaks to chat/completions behind the base URL", async () => {
  await using server = await openProviderServer(sends(openai.whole("ok")));

  await collect(openai.createModel(server.url).stream(ask("hello")));
  await collect(openrouter.createModel(`${server.url}`).stream(ask("hello")));

  expect(server.requests.map(({ url }) => url)).toEqual([
    "/v1/chat/completions",
    "/api/v1/chat/completions",
  ]);
});

test("createOpenAiModel() gives the key as a bearer token, and OpenRouter its referer and title", async () => {
  await using server = await openProviderServer(sends(openai.whole("ok")));

  await collect(openrouter.createModel(server.url).stream(ask("hello")));

  expect(server.requests[0]?.headers).toMatchObject({
    authorization: `Bearer ${API_KEY}`,
    "http-referer": "https://clara.example",
    "x-title": "Clara",
  });
});

test("createOpenAiModel() goes through Cloudflare Access to a server at home without a key", async () => {
  await using server = await openProviderServer(sends(openai.whole("ok")));
  const headers = { "CF-Access-Client-Id": "id.access", "CF-Access-Client-Secret": "secret" };

  await collect(openai.createModel(server.url, { apiKey: "", headers }).stream(ask("hello")));

  expect(server.requests[0]?.headers).toMatchObject({
    "cf-access-client-id": "id.access",
    "cf-access-client-secret": "secret",
  });
  expect(server.requests[0]?.headers).not.toHaveProperty("openai-organization");
});

test("createOpenAiModel() has the name of its provider and model", () => {
  expect(openrouter.createModel("http://127.0.0.1").name).toBe("openrouter/anthropic/test-model");
});

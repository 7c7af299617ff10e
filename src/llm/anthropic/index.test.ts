import { expect, test } from "vitest";
import {
  anthropic,
  anthropicBlock,
  anthropicFinish,
  anthropicStart,
  API_KEY,
} from "../../../test/llm/dialects.ts";
import { openProviderServer, sends } from "../../../test/llm/provider-server.ts";
import { ask, callsOf, collect, currentTime, endOf, textOf } from "../../../test/llm/requests.ts";

test("createAnthropicModel() speaks to /v1/messages behind the base URL, with a path or without", async () => {
  await using server = await openProviderServer(sends(anthropic.whole("ok")));

  await collect(anthropic.createModel(server.url).stream(ask("hello")));
  await collect(anthropic.createModel(`${server.url}/proxy/`).stream(ask("hello")));

  expect(server.requests.map(({ url }) => url)).toEqual(["/v1/messages", "/proxy/v1/messages"]);
});

test("createAnthropicModel() gives a proxy the key where it may look for it", async () => {
  await using server = await openProviderServer(sends(anthropic.whole("ok")));

  await collect(anthropic.createModel(server.url).stream(ask("hello")));

  expect(server.requests[0]?.headers).toMatchObject({
    authorization: `Bearer ${API_KEY}`,
    "x-api-key": API_KEY,
  });
});

test("createAnthropicModel() gives Anthropic itself the key once", async () => {
  const seen: Headers[] = [];
  const fetch = async (_url: unknown, init?: RequestInit) => {
    seen.push(new Headers(init?.headers));
    return new Response(anthropic.whole("ok"), {
      headers: { "content-type": "text/event-stream" },
    });
  };

  const model = anthropic.createModel("https://api.anthropic.com", { fetch });
  await collect(model.stream(ask("hello")));

  expect(seen[0]?.get("authorization")).toBe(`Bearer ${API_KEY}`);
  expect(seen[0]?.get("x-api-key")).toBeNull();
});

test("createAnthropicModel() carries signed thoughts through a use of a tool", async () => {
  const calling =
    anthropicStart +
    anthropicBlock(
      0,
      { type: "thinking", thinking: "", signature: "" },
      { type: "thinking_delta", thinking: "She wants the time." },
      { type: "signature_delta", signature: "signed" },
    ) +
    anthropicBlock(1, { type: "tool_use", id: "toolu_1", name: "current_time", input: {} }) +
    anthropicFinish("tool_use");
  await using server = await openProviderServer((response, attempt) =>
    sends(attempt === 1 ? calling : anthropic.whole("It is noon."))(response, attempt),
  );
  const model = anthropic.createModel(server.url);
  const question = ask("what time is it", { tools: [currentTime] });
  const asked = await collect(model.stream(question));

  const events = await collect(
    model.stream({
      ...question,
      messages: [
        ...question.messages,
        { role: "assistant", text: "", calls: callsOf(asked), replay: endOf(asked).replay },
        { role: "tool", answers: [{ callId: "toolu_1", text: "noon", isError: false }] },
      ],
    }),
  );

  expect(textOf(events)).toBe("It is noon.");
  expect(server.requests[1]?.body.messages[1].content).toEqual([
    { type: "thinking", thinking: "She wants the time.", signature: "signed" },
    { type: "tool_use", id: "toolu_1", name: "current_time", input: {} },
  ]);
});

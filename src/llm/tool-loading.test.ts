import { expect, test } from "vitest";
import { anthropic, openai, type Dialect } from "../../test/llm/dialects.ts";
import { openProviderServer, sends } from "../../test/llm/provider-server.ts";
import { ask, collect, currentTime } from "../../test/llm/requests.ts";
import type { ModelRequest, ToolSpec } from "../core/model.ts";
import { canLoadTools, type AnthropicOptions } from "./anthropic/index.ts";

const tool = (name: string): ToolSpec => ({ ...currentTime, name });
const finder = tool("find_tools");
const later = [tool("send_mail"), tool("draw"), tool("play")];
const search = { id: "toolu_1", name: "find_tools", input: { query: "mail" }, problem: null };

/** The step after a search: what was found is among the tools by now. */
const after = (found: readonly string[]): ModelRequest => ({
  ...ask("Mail it, please."),
  tools: [currentTime, finder, ...later.filter(({ name }) => found.includes(name))],
  later,
  messages: [
    { role: "user", content: [{ type: "text", text: "Mail it, please." }] },
    { role: "assistant", text: "", calls: [search], replay: null },
    { role: "tool", answers: [{ callId: "toolu_1", text: "These.", isError: false, found }] },
  ],
});

/** What goes over the wire. */
async function sent(
  dialect: Dialect,
  request: ModelRequest,
  options: Partial<AnthropicOptions> = {},
) {
  await using server = await openProviderServer(sends(dialect.whole("Done.")));
  await collect(dialect.createModel(server.url, options).stream(request));
  return server.requests[0]?.body;
}

test("Anthropic gets tools for later beside the others, marked and uncached, and by name what was found", async () => {
  const body = await sent(anthropic, after(["send_mail"]), { loadsTools: true });

  expect(body.tools).toEqual([
    expect.objectContaining({ name: "current_time" }),
    expect.objectContaining({ name: "find_tools", cache_control: { type: "ephemeral" } }),
    ...later.map(({ name, description, inputSchema }) => ({
      name,
      description,
      input_schema: inputSchema,
      defer_loading: true,
    })),
  ]);
  expect(body.messages.at(-1).content).toEqual([
    {
      type: "tool_result",
      tool_use_id: "toolu_1",
      content: [{ type: "tool_reference", tool_name: "send_mail" }],
      is_error: false,
    },
  ]);
});

test("its tools are the same before a search and after it", async () => {
  const before = await sent(anthropic, after([]), { loadsTools: true });
  const behind = await sent(anthropic, after(["draw", "play"]), { loadsTools: true });

  expect(behind.tools).toEqual(before.tools);
  expect(before.messages.at(-1).content[0].content).toBe("These.");
});

test.each([anthropic, openai])(
  "$name gets what was found as plain tools, and words, where nothing is loaded by name",
  async (dialect) => {
    const body = await sent(dialect, after(["send_mail"]));

    const names = body.tools.map(
      (each: { name?: string; function?: { name: string } }) => each.name ?? each.function?.name,
    );
    expect(names).toEqual(["current_time", "find_tools", "send_mail"]);
    expect(JSON.stringify(body)).not.toMatch(/defer_loading|tool_reference|found/);
    expect(JSON.stringify(body.messages)).toContain("These.");
  },
);

test.each([
  ["claude-sonnet-5-5", "https://api.anthropic.com", true],
  ["claude-haiku-5-5", "https://api.anthropic.com", true],
  ["claude-opus-4-5-20251101", "https://api.anthropic.com", true],
  ["claude-haiku-4-5", "https://api.anthropic.com", false],
  ["claude-sonnet-4-20250514", "https://api.anthropic.com", false],
  ["claude-3-7-sonnet-latest", "https://api.anthropic.com", false],
  ["claude-sonnet-5-5", "https://proxy.example", false],
])("canLoadTools() of %s at %s is %s", (model, baseUrl, can) => {
  expect(canLoadTools({ model, baseUrl })).toBe(can);
});

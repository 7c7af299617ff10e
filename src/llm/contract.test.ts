import { LLMock } from "@copilotkit/aimock";
import { anthropic, openai, openrouter, type Dialect } from "../../test/llm/dialects.ts";
import { describeModel, type ModelRig } from "./contract.ts";
import { createDemoModel } from "./demo/index.ts";
import { sleep } from "./sleep.ts";

const NUMBERS = Array.from({ length: 300 }, (_, index) => index + 1).join("\n");

/** A server that speaks every provider's language and knows the contract's four questions. */
async function openRig(dialect: Dialect): Promise<ModelRig> {
  const server = new LLMock({ port: 0, latency: 1, chunkSize: 20 });
  server.on({ hasToolResult: true }, { content: "The clock says: It is noon." });
  server.onMessage("count to 300", { content: NUMBERS });
  server.onMessage("what time is it", { toolCalls: [{ name: "current_time", arguments: "{}" }] });
  server.onMessage("[demo:overloaded]", {
    error: { message: "Overloaded", type: "overloaded_error" },
    status: dialect.name === "anthropic" ? 529 : 503,
  });
  await server.start();
  return {
    model: dialect.createModel(server.url),
    async [Symbol.asyncDispose]() {
      await server.stop();
    },
  };
}

describeModel("anthropic", () => openRig(anthropic));
describeModel("openai", () => openRig(openai));
describeModel("openrouter", () => openRig(openrouter));
describeModel("demo", async () => ({
  model: createDemoModel({ delayMs: 0, sleep, createId: () => "call-1" }),
  async [Symbol.asyncDispose]() {},
}));

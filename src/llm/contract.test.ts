import { LLMock, type FixtureOpts } from "@copilotkit/aimock";
import { describe, expect, test } from "vitest";
import { anthropic, openai, openrouter, type Dialect } from "../../test/llm/dialects.ts";
import { describeModel, type ModelRig } from "../../test/llm/model-contract.ts";
import { ask, collect, collectUntilFailure, endOf, textOf } from "../../test/llm/requests.ts";
import { createDemoModel } from "./demo/index.ts";
import { sleep } from "./sleep.ts";

const NUMBERS = Array.from({ length: 300 }, (_, index) => index + 1).join("\n");

interface MockRig extends ModelRig {
  readonly server: LLMock;
}

/** A server that speaks every provider's language and knows the contract's four questions. */
async function openRig(dialect: Dialect, counting: FixtureOpts = {}): Promise<MockRig> {
  const server = new LLMock({ port: 0, latency: 1, chunkSize: 20 });
  server.on({ hasToolResult: true }, { content: "The clock says: It is noon." });
  server.onMessage("count to 300", { content: NUMBERS }, counting);
  server.onMessage("what time is it", { toolCalls: [{ name: "current_time", arguments: "{}" }] });
  server.onMessage("[demo:overloaded]", {
    error: { message: "Overloaded", type: "overloaded_error" },
    status: dialect.name === "anthropic" ? 529 : 503,
  });
  await server.start();
  return {
    server,
    model: dialect.createModel(server.url),
    async [Symbol.asyncDispose]() {
      await server.stop();
    },
  };
}

const DIALECTS = [anthropic, openai, openrouter];

for (const dialect of DIALECTS) describeModel(dialect.name, () => openRig(dialect));
describeModel("demo", async () => ({
  model: createDemoModel({ delayMs: 0, sleep, createId: () => "call-1" }),
  async [Symbol.asyncDispose]() {},
}));

describe.each(DIALECTS)("chaos around the model $name", (dialect) => {
  test.each([
    { fault: { dropRate: 1 }, kind: "overloaded", retryAfterMs: null },
    { fault: { rateLimitRate: 1 }, kind: "rate-limited", retryAfterMs: 1_000 },
    { fault: { malformedRate: 1 }, kind: "broken-stream", retryAfterMs: null },
    { fault: { disconnectRate: 1 }, kind: "network", retryAfterMs: null },
  ])("$fault is a retryable $kind, before anything was said", async ({ fault, ...expected }) => {
    await using rig = await openRig(dialect);
    rig.server.setChaos(fault);

    const { before, error } = await collectUntilFailure(rig.model.stream(ask("count to 300")));

    expect(before).toEqual([]);
    expect(error).toMatchObject({ name: "ModelError", retryable: true, ...expected });
  });

  test.each([{ truncateAfterChunks: 4 }, { disconnectAfterMs: 20 }])(
    "%o breaks the stream after its first words",
    async (fault) => {
      await using rig = await openRig(dialect, { ...fault, latency: 5 });

      const { before, error } = await collectUntilFailure(rig.model.stream(ask("count to 300")));

      expect(before[0]?.type).toBe("start");
      expect(error).toMatchObject({ name: "ModelError", kind: "broken-stream" });
    },
  );

  test("is over with the next call", async () => {
    await using rig = await openRig(dialect);
    rig.server.setChaos({ dropRate: 1 });
    await collectUntilFailure(rig.model.stream(ask("count to 300")));
    rig.server.clearChaos();

    const events = await collect(rig.model.stream(ask("count to 300")));

    expect(textOf(events)).toBe(NUMBERS);
    expect(endOf(events).stop).toBe("end");
  });
});

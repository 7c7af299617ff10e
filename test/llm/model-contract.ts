import { describe, expect, test } from "vitest";
import { ModelError, type Model } from "../../src/core/model.ts";
import {
  ask,
  callsOf,
  collect,
  collectUntilFailure,
  currentTime,
  endOf,
  textOf,
} from "./requests.ts";

/** A model under test, and whatever has to be closed after it. */
export interface ModelRig extends AsyncDisposable {
  readonly model: Model;
}

const ONE_PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/**
 * What every model does, whoever is behind it. The model must answer "count to 300" with the numbers on lines of their
 * own, "what time is it" by calling `current_time`, its result "It is noon" with a text that holds it, and
 * "[demo:overloaded]" by being overloaded.
 */
export function describeModel(name: string, makeModel: () => Promise<ModelRig>): void {
  describe(`the model ${name}`, () => {
    test("begins with one start, goes on with text and ends with one end", async () => {
      await using rig = await makeModel();

      const events = await collect(rig.model.stream(ask("count to 300")));

      expect(events.map(({ type }) => type)).toEqual([
        "start",
        ...events.slice(1, -1).map(() => "text-delta"),
        "end",
      ]);
      expect(events.length).toBeGreaterThan(10);
      expect(textOf(events)).toContain("1\n2\n3");
      expect(endOf(events).stop).toBe("end");
    });

    test("counts what it used", async () => {
      await using rig = await makeModel();

      const { usage } = endOf(await collect(rig.model.stream(ask("count to 300"))));

      expect(usage.inputTokens).toBeGreaterThan(0);
      expect(usage.outputTokens).toBeGreaterThan(100);
      expect(usage.cachedInputTokens).toBe(0);
    });

    test("calls a tool with an object and stops for it", async () => {
      await using rig = await makeModel();

      const events = await collect(
        rig.model.stream(ask("what time is it", { tools: [currentTime] })),
      );

      expect(callsOf(events)).toMatchObject([{ name: "current_time", input: {}, problem: null }]);
      expect(callsOf(events)[0]?.id).not.toBe("");
      expect(endOf(events).stop).toBe("tool-calls");
    });

    test("goes on with a tool's answer", async () => {
      await using rig = await makeModel();
      const question = ask("what time is it", { tools: [currentTime] });
      const asked = await collect(rig.model.stream(question));
      const calls = callsOf(asked);

      const events = await collect(
        rig.model.stream({
          ...question,
          messages: [
            ...question.messages,
            { role: "assistant", text: textOf(asked), calls, replay: endOf(asked).replay },
            {
              role: "tool",
              answers: calls.map(({ id }) => ({ callId: id, text: "It is noon", isError: false })),
            },
          ],
        }),
      );

      expect(textOf(events)).toContain("It is noon");
      expect(endOf(events).stop).toBe("end");
    });

    test("calls nothing when it may not", async () => {
      await using rig = await makeModel();
      const question = ask("what time is it", { tools: [currentTime], toolChoice: "none" });

      const events = await collect(rig.model.stream(question));

      expect(callsOf(events)).toEqual([]);
      expect(endOf(events).stop).toBe("end");
    });

    test("takes pictures, silence and a history that caches may keep", async () => {
      await using rig = await makeModel();
      const question = ask("count to 300", {
        messages: [
          { role: "user", content: [{ type: "image", mediaType: "image/png", data: ONE_PIXEL }] },
          { role: "assistant", text: "", calls: [], replay: null },
          { role: "user", content: [{ type: "text", text: "count to 300" }] },
        ],
        lastStableMessage: 1,
      });

      const events = await collect(rig.model.stream(question));

      expect(textOf(events)).toContain("1\n2\n3");
    });

    test("throws the signal's own reason when it was aborted before", async () => {
      await using rig = await makeModel();
      const reason = new Error("a person said stop");

      const { before, error } = await collectUntilFailure(
        rig.model.stream(ask("count to 300", { signal: AbortSignal.abort(reason) })),
      );

      expect(error).toBe(reason);
      expect(before).toEqual([]);
    });

    test("throws the signal's own reason when it is aborted in the middle", async () => {
      await using rig = await makeModel();
      const stop = new AbortController();
      const reason = new Error("a person said stop");
      const seen: string[] = [];

      const reading = (async () => {
        for await (const event of rig.model.stream(ask("count to 300", { signal: stop.signal }))) {
          seen.push(event.type);
          if (event.type === "text-delta") stop.abort(reason);
        }
      })();

      await expect(reading).rejects.toBe(reason);
      expect(seen).not.toContain("end");
    });

    test("lets go when nobody reads on", async () => {
      await using rig = await makeModel();

      const [first] = await Array.fromAsync(takeOne(rig.model.stream(ask("count to 300"))));

      expect(first?.type).toBe("start");
    });

    test("throws a retryable ModelError when the provider is overloaded", async () => {
      await using rig = await makeModel();

      const { error } = await collectUntilFailure(rig.model.stream(ask("[demo:overloaded]")));

      expect(error).toBeInstanceOf(ModelError);
      expect(error).toMatchObject({ kind: "overloaded", retryable: true });
    });
  });
}

async function* takeOne<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  for await (const item of items) {
    yield item;
    return;
  }
}

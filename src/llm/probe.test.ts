import { expect, test } from "vitest";
import { manualClock } from "../../test/llm/manual-clock.ts";
import { call, failing, say, scriptedModel } from "../../test/scripted-model.ts";
import type { ModelErrorKind } from "../core/model.ts";
import { probe } from "./probe.ts";

const forEver = new AbortController().signal;

test("probe() makes one call with a tool, as some models refuse any, and measures it", async () => {
  const model = scriptedModel([say("ok")]);

  expect(await probe(model, { clock: manualClock(), signal: forEver })).toEqual({
    ok: true,
    elapsedMs: 0,
  });

  expect(model.requests).toMatchObject([
    { tools: [{ name: "do_nothing" }], toolChoice: "auto", maxOutputTokens: 2_048 },
  ]);
});

test("probe() is content with a call of the tool", async () => {
  const model = scriptedModel([call(["do_nothing", {}])]);

  expect(await probe(model, { clock: manualClock(), signal: forEver })).toMatchObject({ ok: true });
});

test.each([
  ["auth", "Make a new one"],
  ["no-credit", "billing page"],
  ["not-found", "model's name and the base URL"],
  ["network", "Check the base URL"],
  ["bad-request", "use tools"],
  ["broken-stream", "web page"],
] satisfies [ModelErrorKind, string][])(
  "probe() says what to do about %s",
  async (kind, advice) => {
    const model = scriptedModel([failing(kind)]);

    expect(await probe(model, { clock: manualClock(), signal: forEver })).toEqual({
      ok: false,
      kind,
      advice: expect.stringContaining(advice),
    });
  },
);

test("probe() ends with the signal's own reason", async () => {
  const reason = new Error("Ctrl-C");
  const model = scriptedModel([say("ok")]);

  const probing = probe(model, { clock: manualClock(), signal: AbortSignal.abort(reason) });

  await expect(probing).rejects.toBe(reason);
});

test("probe() does not hide a bug", async () => {
  await expect(probe(scriptedModel([]), { clock: manualClock(), signal: forEver })).rejects.toThrow(
    "no line 1",
  );
});

import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { ask, claim, newChannel, start } from "../../test/talk.ts";
import type { Step, StepCost } from "../core/turn.ts";

const CALL: Omit<Step, "result"> = { seq: 0, kind: "model", name: "m", effect: "read", input: {} };

const cost = (costUsd: number | null): StepCost => ({
  provider: "p",
  model: "m",
  usage: {
    inputTokens: 10,
    cachedInputTokens: 4,
    cacheWriteTokens: 3,
    outputTokens: 2,
    costUsd,
    estimated: true,
  },
});

describeStore("steps", (open) => {
  const store = share(open);
  const begin = async () =>
    start(store(), await ask(store(), newChannel().message("ana", "hello")));

  test("a step without a result can be begun again, by a newer generation and with other input", async () => {
    const { lease, job } = await begin();
    await store().steps.begin(lease, [CALL]);
    const second = await claim(store(), job);
    expect(second.claim.steps).toEqual([{ ...CALL, result: null }]);

    await store().steps.begin(second.lease, [{ ...CALL, name: "m2", input: { a: 1 } }]);
    await store().steps.end(second.lease, 0, { text: "done\0\ud800" }, null);

    const { claim: third } = await claim(store(), job);
    expect(third.steps).toEqual([
      { ...CALL, name: "m2", input: { a: 1 }, result: { text: "done\ufffd\ufffd" } },
    ]);
  });

  test("nothing to begin is nothing done", async () => {
    const { lease, job } = await begin();

    await store().steps.begin(lease, []);

    expect((await claim(store(), job)).claim.steps).toEqual([]);
  });

  test("the cost of a call is recorded with its result, on who asked, where", async () => {
    const { lease, claim: taken } = await begin();
    await store().steps.begin(lease, [CALL]);

    await store().steps.end(lease, 0, {}, cost(0.25));

    const usage = await store().query(
      `select purpose, person_id, conversation_id, guild_id, provider, model, input_tokens, cached_input_tokens,
        cache_write_tokens, output_tokens, cost_usd, counted_usd, estimated from usage where turn_id = $1`,
      [lease.turnId],
    );
    const { scope, conversation } = taken.turn;
    expect(usage).toEqual([
      {
        purpose: "turn",
        person_id: scope.principal.userId,
        conversation_id: conversation.id,
        guild_id: conversation.guildId,
        provider: "p",
        model: "m",
        input_tokens: 10,
        cached_input_tokens: 4,
        cache_write_tokens: 3,
        output_tokens: 2,
        cost_usd: 0.25,
        counted_usd: 0.25,
        estimated: true,
      },
    ]);
  });

  test("an unknown price counts as what was booked for it, and a booking ends with its call", async () => {
    const { lease, claim: taken } = await begin();
    const { scope, conversation } = taken.turn;
    await store().steps.begin(lease, [CALL, { ...CALL, seq: 1 }]);
    const spent = () => store().ledger.spent(scope, conversation.id, "channel", new Date(0));
    await store().ledger.reserve(scope, lease, conversation.id, [], new Date(0), 0.5);
    expect(await spent()).toEqual({ costUsd: 0.5, turns: 1 });

    await store().steps.end(lease, 0, {}, cost(null));
    expect(await spent()).toEqual({ costUsd: 0.5, turns: 1 });

    await store().steps.end(lease, 1, {}, cost(null));
    expect(await spent()).toEqual({ costUsd: 0.5, turns: 1 });
    const [row] = await store().query(
      "select count(*)::int, count(cost_usd)::int as known from usage where turn_id = $1",
      [lease.turnId],
    );
    expect(row).toEqual({ count: 2, known: 0 });
  });

  test("a result with everything a model may write comes back as it went in", async () => {
    const { lease, job } = await begin();
    const nested = Array.from({ length: 200 }).reduce<object>((inner) => ({ inner }), {});
    const result = { nested, big: 2 ** 53, tiny: 5e-324, text: "\u2028 \\u0000 😀", list: [null] };
    await store().steps.begin(lease, [CALL]);

    await store().steps.end(lease, 0, result as never, null);

    expect((await claim(store(), job)).claim.steps[0]?.result).toEqual(result);
  });
});

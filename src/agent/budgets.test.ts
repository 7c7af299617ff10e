import { expect, test } from "vitest";
import { createFakeOutlet } from "../../test/fake-outlet.ts";
import { heldModel } from "../../test/held-model.ts";
import { openEmbeddedStore, share } from "../../test/open-test-store.ts";
import { say, scriptedModel } from "../../test/scripted-model.ts";
import { ask, newChannel, newName } from "../../test/talk.ts";
import { attempt, turnDeps } from "../../test/turn-deps.ts";
import { systemClock } from "../core/clock.ts";
import type { Model } from "../core/model.ts";
import type { BudgetLimit } from "../core/stores.ts";
import { createBudgets, dayOf } from "./budgets.ts";
import { createTurnSignals } from "./interrupt.ts";

const store = share(openEmbeddedStore);

/** A channel with limits, where somebody asks one question after the other. */
function scene(limits: readonly BudgetLimit[], model: Model) {
  const place = newChannel();
  const name = newName("ana");
  const outlet = createFakeOutlet({ idPrefix: `${name}-` });
  const { ledger } = store();
  const budgets = createBudgets(
    { ledger, clock: systemClock, ownLimits: async () => [] },
    { limits, timeZone: "UTC" },
  );
  const deps = { ...turnDeps({ store: store(), outlet, model }), budgets };
  return {
    deps,
    place,
    name,
    allows: () => budgets.allow(place.scope(name), place.conversation.id),
    question: async () => {
      await attempt({ store: store(), deps }, await ask(store(), place.message(name, "Well?")));
      return outlet.messages.at(-1)?.content;
    },
  };
}

/** A question whose answer can be stopped. */
async function stoppable(limits: readonly BudgetLimit[], model: Model) {
  const { deps, place, name, allows } = scene(limits, model);
  const { signals, interrupt } = createTurnSignals();
  const turnId = await ask(store(), place.message(name, "Well?"));
  return { running: attempt({ store: store(), deps }, turnId, signals), interrupt, allows };
}

/** Its provider says nothing of what a call costs. */
const withoutPrice = (): Model => {
  const model = scriptedModel(() => say("Seven."));
  return {
    ...model,
    async *stream(request) {
      for await (const event of model.stream(request))
        yield event.type === "end" ? { ...event, usage: { ...event.usage, costUsd: null } } : event;
    },
  };
};

test("a limit of turns lets so many through, and then says when it starts anew", async () => {
  const limit = { holder: "channel", unit: "turns", limit: 2 } as const;
  const { question, allows } = scene(
    [limit],
    scriptedModel(() => say("Seven.")),
  );

  const answers = [await question(), await question()];

  expect(answers).toEqual(["Seven.", "Seven."]);
  expect(await allows()).toBe(false);
  expect(await question()).toMatch(
    /^-# 💛 This channel has reached its limit of 2 answers for today\. It starts anew in (\d+ h )?\d+ min\.$/,
  );
});

test("a limit in money counts what calls cost", async () => {
  const limit = { holder: "channel", unit: "usd", limit: 0.0015 } as const;
  const { question, allows } = scene(
    [limit],
    scriptedModel(() => say("Seven.")),
  );

  const answers = [await question(), await allows(), await question(), await allows()];

  expect(answers).toEqual(["Seven.", true, "Seven.", false]);
});

test("a call without a known price counts with its estimate", async () => {
  const limit = { holder: "channel", unit: "usd", limit: 0.001 } as const;
  const { question } = scene([limit], withoutPrice());

  const answers = [await question(), await question()];

  expect(answers).toEqual(["Seven.", expect.stringContaining("limit of $0.001 ")]);
});

test("an answer that was stopped counts with what was said of it", async () => {
  const limit = { holder: "channel", unit: "turns", limit: 1 } as const;
  const model = heldModel("It is seven. Or ", "never said");
  const { running, interrupt, allows } = await stoppable([limit], model);
  await model.held;
  interrupt("stopped");
  await running;

  expect(await allows()).toBe(false);
});

test("without limits nothing is asked of the ledger", async () => {
  const { question, allows } = scene([], withoutPrice());

  expect([await question(), await question(), await allows()]).toEqual(["Seven.", "Seven.", true]);
});

test("dayOf() begins at midnight in the operator's time zone", () => {
  const { since, resetsAt } = dayOf(new Date("2026-11-24T03:00:00Z"), "America/New_York");

  expect(since.toISOString()).toBe("2026-11-23T05:00:00.000Z");
  expect(resetsAt.toISOString()).toBe("2026-11-24T05:00:00.000Z");
});

test("dayOf() knows that a day in spring has 23 hours", () => {
  const { since, resetsAt } = dayOf(new Date("2026-03-29T10:00:00Z"), "Europe/Berlin");

  expect(since.toISOString()).toBe("2026-03-28T23:00:00.000Z");
  expect(resetsAt.toISOString()).toBe("2026-03-29T22:00:00.000Z");
});

test("dayOf() at midnight itself is the new day", () => {
  const { since } = dayOf(new Date("2026-11-24T00:00:00Z"), "UTC");

  expect(since.toISOString()).toBe("2026-11-24T00:00:00.000Z");
});

test("a budget starts anew when the day does", async () => {
  const asked: Date[] = [];
  const days = ["2026-11-24T22:30:00Z", "2026-11-24T23:30:00Z", "2026-11-25T01:00:00Z"];
  const clock = { now: () => new Date(days.shift() ?? 0), elapsedMs: () => 0 };
  const spent = async (...given: readonly unknown[]) => {
    asked.push(given[3] as Date);
    return { costUsd: 0, turns: 0 };
  };
  const limits = [{ holder: "everyone", unit: "turns", limit: 1 }] as const;
  const ledger = { ...store().ledger, spent };
  const budgets = createBudgets(
    { ledger, clock, ownLimits: async () => [] },
    { limits, timeZone: "Europe/Berlin" },
  );
  const place = newChannel();

  for (let times = 0; times < 3; times++)
    await budgets.allow(place.scope("ana"), place.conversation.id);

  expect(asked.map((since) => since.toISOString())).toEqual([
    "2026-11-23T23:00:00.000Z",
    "2026-11-24T23:00:00.000Z",
    "2026-11-24T23:00:00.000Z",
  ]);
});

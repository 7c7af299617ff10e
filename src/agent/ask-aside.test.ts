import { expect, test } from "vitest";
import {
  failing,
  say,
  scriptedModel,
  stopping,
  type ScriptLine,
} from "../../test/scripted-model.ts";
import { dmWith, turnOf } from "../../test/turns.ts";
import type { AsideQuestion, BudgetLeft } from "../core/asker.ts";
import { silentLog } from "../core/log.ts";
import { NO_SETTINGS, resolveSettings } from "../core/settings.ts";
import type { SideCost } from "../core/stores.ts";
import { createAsker } from "./ask-aside.ts";

const { scope } = turnOf();
const NONE = { person: NO_SETTINGS, channel: NO_SETTINGS, guild: NO_SETTINGS };
const question = (change: Partial<AsideQuestion> = {}): AsideQuestion => ({
  scope,
  conversation: dmWith("ana"),
  system: "Do it.",
  text: "This is it.",
  tier: "low",
  purpose: "summarise",
  signal: new AbortController().signal,
  ...change,
});

function setUp(
  script: readonly ScriptLine[],
  left: readonly BudgetLeft[] = [],
  language: string | null = null,
) {
  const model = scriptedModel(script);
  const charged: SideCost[] = [];
  const met: string[] = [];
  const asker = createAsker(
    {
      models: { byTier: () => model, defaultTier: "mid", autoTier: false },
      budgetsLeft: async () => left,
      ledger: { charge: async (_scope, _place, side) => void charged.push(side) },
      acquaintances: {
        meet: async (_scope, { id }) => void met.push(id),
        lastSpokeAt: async () => null,
      },
      ownSettings: {
        of: async () => resolveSettings({ ...NONE, person: { ...NO_SETTINGS, language } }),
      },
      log: silentLog,
    },
    { isAble: () => true },
  );
  return { model, asker, charged, met };
}

test("ask() makes one call without tools, and charges it to the asker", async () => {
  const { model, asker, charged, met } = setUp([say(" It is ", "this. ")]);

  const aside = await asker.ask(question());

  expect(aside).toEqual({ kind: "words", text: "It is this.", isCut: false });
  expect(model.requests).toMatchObject([
    { tools: [], toolChoice: "none", system: [{ text: "Do it." }] },
  ]);
  expect(charged).toMatchObject([
    { purpose: "summarise", turnId: null, cost: { model: "script-1" } },
  ]);
  expect(met).toEqual(["discord:channel:dm-ana"]);
});

test("ask() answers in the language that the person set", async () => {
  const { model, asker } = setUp([say("Ja.")], [], "German");

  await asker.ask(question());

  expect(model.requests[0]?.system).toMatchObject([{ text: "Do it.\n\nAnswer in German." }]);
});

test("ask() asks no model when a budget is used up", async () => {
  const limit = { holder: "person", unit: "usd", limit: 1 } as const;
  const { model, asker } = setUp([], [{ limit, spent: 1, resetsInMs: 5 }]);

  const aside = await asker.ask(question());

  expect(aside).toEqual({ kind: "over-budget", limit, resetsInMs: 5 });
  expect(model.requests).toEqual([]);
});

test("ask() charges a guess for a call that broke off, and names the trouble", async () => {
  const { asker, charged } = setUp([failing("broken-stream", "half an ")]);

  const aside = await asker.ask(question());

  expect(aside).toEqual({ kind: "trouble", problem: "broken-stream" });
  expect(charged).toMatchObject([{ cost: { usage: { estimated: true } } }]);
});

test("ask() answers one person one question at a time, and others meanwhile", async () => {
  const { asker } = setUp([say("one"), say("two"), say("three")]);
  const { principal } = turnOf().scope;
  const ben = { ...scope, principal: { ...principal, userId: "discord:ben" as never } };

  const [first, second, other] = await Promise.all([
    asker.ask(question()),
    asker.ask(question()),
    asker.ask(question({ scope: ben })),
  ]);
  const later = await asker.ask(question());

  expect([first, second, other, later].map(({ kind }) => kind)).toEqual([
    "words",
    "busy",
    "words",
    "words",
  ]);
});

test("ask() says when the answer was cut, and bounds what is asked", async () => {
  const { model, asker } = setUp([stopping("max-tokens", "and so")]);

  const aside = await asker.ask(question({ text: "x".repeat(200_000) }));

  expect(aside).toMatchObject({ text: "and so", isCut: true });
  expect(JSON.stringify(model.requests[0]?.messages).length).toBeLessThan(61_000);
});

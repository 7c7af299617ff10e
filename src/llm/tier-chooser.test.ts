import { expect, test } from "vitest";
import { say, scriptedModel, type ScriptLine } from "../../test/scripted-model.ts";
import { turnOf } from "../../test/turns.ts";
import { messageId } from "../core/ids.ts";
import { silentLog } from "../core/log.ts";
import type { Model, Tier } from "../core/model.ts";
import type { SideCost, Transcript } from "../core/stores.ts";
import { createTierChooser } from "./tier-chooser.ts";

const forEver = new AbortController().signal;
const turn = turnOf();

const line = (id: string, text: string) => ({
  id: messageId(id),
  role: "person" as const,
  authorId: "discord:ana",
  authorName: "ana",
  text,
  replyTo: null,
  attachments: [],
  sentAt: new Date("2026-11-24T12:00:00Z"),
});

interface SetUp {
  readonly asked: string;
  readonly script?: readonly ScriptLine[];
  readonly isAllowed?: boolean;
}

const setUp = ({ asked, script = [], isAllowed = true }: SetUp) => {
  const low = scriptedModel(script);
  const tiers: Tier[] = [];
  const charged: SideCost[] = [];
  const byTier = (tier: Tier): Model => {
    tiers.push(tier);
    return low;
  };
  const recent: Transcript["recent"] = async (_scope, _conversation, { limit }) =>
    [line("discord:0", "before"), line("discord:1", asked)].slice(-limit);
  const choose = createTierChooser({
    models: { byTier, defaultTier: "mid", autoTier: true },
    transcript: { recent },
    budgets: { allow: async () => isAllowed },
    ledger: { charge: async (_scope, _conversation, side) => void charged.push(side) },
    log: silentLog,
  });
  return { choose, low, tiers, charged };
};

test("the chooser asks the low model about the question, and charges its cost to the turn", async () => {
  const { choose, low, tiers, charged } = setUp({
    asked: "Prove it.",
    script: [say("high")],
  });

  expect(await choose(turn, forEver)).toBe("high");

  expect(tiers).toEqual(["low"]);
  expect(JSON.stringify(low.requests[0]?.messages)).toContain(
    "Before:\\nbefore\\nMessage:\\nProve it.",
  );
  expect(charged).toMatchObject([
    { purpose: "tier", turnId: turn.id, cost: { model: "script-1", usage: { costUsd: 0.001 } } },
  ]);
});

test("the chooser never makes a paid call for a plain greeting", async () => {
  const { choose, low, charged } = setUp({ asked: "hello!", isAllowed: false });

  expect(await choose(turn, forEver)).toBe("low");

  expect(low.requests).toEqual([]);
  expect(charged).toEqual([]);
});

test("the chooser makes no call over budget", async () => {
  const { choose, low } = setUp({ asked: "Prove it.", isAllowed: false });

  expect(await choose(turn, forEver)).toBe("mid");

  expect(low.requests).toEqual([]);
});

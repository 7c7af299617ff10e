import { expect, test } from "vitest";
import type { RuleHolder, ToolRule, Verdict } from "../core/approvals.ts";
import type { Taint } from "../core/taint.ts";
import type { ToolEffect } from "../core/tool.ts";
import { rule, type Facts } from "./policy.ts";

const ruleOf = (
  holder: RuleHolder,
  tool: string,
  verdict: Verdict,
  clicker: ToolRule["clicker"] = "asker",
): ToolRule => ({ holder, tool, verdict, clicker });

const PAGE: Taint = { source: "web", name: "example.com" };

const verdictOf = (effect: ToolEffect, change: Partial<Facts> = {}) =>
  rule({ tool: { name: "send", effect }, rules: [], taints: [], isGranted: false, ...change });

test("rule() lets reads and writes pass and asks for what changes the world, where nobody set a rule", () => {
  const all = (["read", "write", "outside"] as const).map((effect) => verdictOf(effect).verdict);

  expect(all).toEqual(["allow", "allow", "ask"]);
});

test("rule() follows the channel before the guild, and a name before an effect before all tools", () => {
  const rules = [
    ruleOf("guild", "*", "allow"),
    ruleOf("guild", "send", "deny"),
    ruleOf("channel", "*", "deny"),
    ruleOf("channel", "effect:outside", "ask"),
    ruleOf("channel", "send", "allow"),
  ];

  expect(verdictOf("outside", { rules }).verdict).toBe("allow");
  expect(verdictOf("outside", { rules: rules.slice(0, 4) }).verdict).toBe("ask");
  expect(verdictOf("outside", { rules: rules.slice(0, 3) }).verdict).toBe("deny");
  expect(verdictOf("outside", { rules: rules.slice(0, 2) }).verdict).toBe("deny");
  expect(verdictOf("outside", { rules: rules.slice(0, 1) }).verdict).toBe("allow");
});

test("rule() takes the strictest of rules that are equally specific, as for a thread and its channel", () => {
  const rules = [ruleOf("channel", "send", "allow"), ruleOf("channel", "send", "deny")];

  expect(verdictOf("outside", { rules }).verdict).toBe("deny");
  expect(verdictOf("outside", { rules: rules.toReversed() }).verdict).toBe("deny");
});

test("rule() lets a person's own rules make it stricter and never looser", () => {
  const allows = [ruleOf("guild", "*", "deny"), ruleOf("person", "send", "ask")];
  const asks = [ruleOf("guild", "*", "allow"), ruleOf("person", "effect:read", "ask")];

  expect(verdictOf("outside", { rules: allows }).verdict).toBe("deny");
  expect(verdictOf("read", { rules: asks }).verdict).toBe("ask");
});

test("rule() lets what is contained run although the turn has read words of others, unless a rule says otherwise", () => {
  const tool = { name: "send", effect: "write", isContained: true } as const;
  const reads = { taints: [PAGE], tool };

  expect(verdictOf("write", reads)).toMatchObject({ verdict: "allow", because: "default" });
  expect(verdictOf("write", { ...reads, rules: [ruleOf("guild", "send", "ask")] })).toMatchObject({
    verdict: "ask",
  });
  const outside = { ...tool, effect: "outside" } as const;
  expect(verdictOf("outside", { ...reads, tool: outside })).toMatchObject({ because: "taint" });
});

test("rule() makes every change ask once the turn has read words of others, even where all is allowed and granted", () => {
  const facts = { taints: [PAGE], isGranted: true, rules: [ruleOf("channel", "send", "allow")] };

  expect(verdictOf("write", facts)).toMatchObject({ verdict: "ask", because: "taint" });
  expect(verdictOf("outside", facts)).toMatchObject({ verdict: "ask", because: "taint" });
  expect(verdictOf("read", facts).verdict).toBe("allow");
});

test("rule() keeps a denial a denial, whoever agreed before and whatever was read", () => {
  const rules = [ruleOf("guild", "send", "deny")];

  expect(verdictOf("outside", { rules, isGranted: true }).verdict).toBe("deny");
  expect(verdictOf("outside", { rules, taints: [PAGE] }).verdict).toBe("deny");
});

test("rule() does not take a person's grant where an admin has to click", () => {
  const rules = [ruleOf("guild", "send", "ask", "admin")];

  expect(verdictOf("outside", { rules, isGranted: true })).toMatchObject({
    verdict: "ask",
    clicker: "admin",
  });
  expect(verdictOf("outside", { isGranted: true }).verdict).toBe("allow");
});

import type { Clicker, RuleHolder, ToolRule, Verdict } from "../core/approvals.ts";
import type { Taint } from "../core/taint.ts";
import type { Tool, ToolEffect } from "../core/tool.ts";

/** Where nobody set a rule. */
const DEFAULTS: Readonly<Record<ToolEffect, Verdict>> = {
  read: "allow",
  write: "allow",
  outside: "ask",
};

const STRICTNESS: Readonly<Record<Verdict, number>> = { allow: 0, ask: 1, deny: 2 };

/** What is known of a call before it is made. */
export interface Facts {
  readonly tool: Pick<Tool, "name" | "effect" | "isContained">;
  readonly rules: readonly ToolRule[];
  /** Whose words the turn has read. */
  readonly taints: readonly Taint[];
  /** It is a read of an address that nobody gave: a model that was led astray could have put words into it. */
  readonly opensNewAddress?: boolean;
  /** A person agreed to such calls for good. */
  readonly isGranted: boolean;
}

export interface Ruling {
  readonly verdict: Verdict;
  /** Who may click. */
  readonly clicker: Clicker;
  /** rule: somebody set it. default: nobody did. taint: the turn read what others wrote. grant: a person agreed before. */
  readonly because: "rule" | "default" | "taint" | "grant";
}

/**
 * allow, ask or deny. Of the rules for everybody the most specific counts (channel before guild, a tool's name before its
 * effect before all tools), of equals the strictest; a person's own rules can only make it stricter. After that a grant
 * turns "ask" into "allow" where the asker may click, and whatever was said, what others wrote makes every change ask that
 * is not contained, and every read of an address that nobody gave.
 */
export function rule({ tool, rules, taints, isGranted, opensNewAddress = false }: Facts): Ruling {
  const ruled = ruledFor(tool, rules);
  if (ruled.verdict === "deny") return ruled;
  const changes = tool.effect === "outside" || (tool.effect === "write" && !tool.isContained);
  if ((changes || opensNewAddress) && taints.length > 0)
    return { ...ruled, verdict: "ask", because: "taint" };
  if (ruled.verdict === "ask" && ruled.clicker === "asker" && isGranted)
    return { ...ruled, verdict: "allow", because: "grant" };
  return ruled;
}

function ruledFor(tool: Facts["tool"], rules: readonly ToolRule[]): Ruling {
  const matching = rules.filter((each) => isFor(each, tool));
  const forAll = strictest(mostSpecific(matching.filter(({ holder }) => holder !== "person")));
  const own = strictest(matching.filter(({ holder }) => holder === "person"));
  const base: Ruling = forAll
    ? { verdict: forAll.verdict, clicker: forAll.clicker, because: "rule" }
    : { verdict: DEFAULTS[tool.effect], clicker: "asker", because: "default" };
  if (!own || STRICTNESS[own.verdict] <= STRICTNESS[base.verdict]) return base;
  return { ...base, verdict: own.verdict, because: "rule" };
}

const isFor = ({ tool: selector }: ToolRule, { name, effect }: Facts["tool"]): boolean =>
  selector === name || selector === `effect:${effect}` || selector === "*";

const PLACES: Readonly<Record<RuleHolder, number>> = { guild: 0, channel: 1, person: 2 };

const specificity = ({ holder, tool }: ToolRule): number =>
  PLACES[holder] * 3 + (tool === "*" ? 0 : tool.startsWith("effect:") ? 1 : 2);

function mostSpecific(rules: readonly ToolRule[]): readonly ToolRule[] {
  const most = Math.max(...rules.map(specificity));
  return rules.filter((each) => specificity(each) === most);
}

/** Of two that ask, the one where an admin has to click. */
const strictest = (rules: readonly ToolRule[]): ToolRule | undefined =>
  rules.toSorted((one, other) => hardness(other) - hardness(one))[0];

const hardness = ({ verdict, clicker }: ToolRule): number =>
  STRICTNESS[verdict] * 2 + (clicker === "admin" ? 1 : 0);

import { z } from "zod";
import { IMPORTANCES, newMailRule, type NewMailRule } from "../core/mail-rules.ts";
import { wrongPattern } from "./conditions.ts";

const words = z.array(z.string()).nullish();

/** A rule as the original kept it: `rule_definition`, or what stands around it, too. */
const definition = z.looseObject({
  conditions: z.looseObject({
    sender_contains: words,
    sender_domain: words,
    subject_contains: words,
    subject_regex: z.string().nullish(),
    body_contains: words,
    has_attachments: z.boolean().nullish(),
  }),
  match_mode: z.enum(["any", "all"]).nullish(),
});
const row = z.looseObject({
  name: z.string().min(1),
  enabled: z.union([z.boolean(), z.enum(["true", "false"])]).nullish(),
  priority: z.coerce.number().int().nullish(),
  importance: z.enum(IMPORTANCES).nullish(),
  override_ping: z.union([z.boolean(), z.enum(["true", "false"])]).nullish(),
  preset_name: z.string().nullish(),
  rule_definition: z.union([z.string(), definition]).nullish(),
});

export type ReadRule =
  | { readonly kind: "read"; readonly rule: NewMailRule }
  | { readonly kind: "unreadable"; readonly why: string };

/** A rule of the original as one of ours. `why` is for people. */
export function readOriginalRule(given: unknown): ReadRule {
  const read = row.safeParse(given);
  if (!read.success) return unreadable(z.prettifyError(read.error));
  const { rule_definition: kept = given } = read.data;
  const parsed = definition.safeParse(typeof kept === "string" ? fromJson(kept) : kept);
  if (!parsed.success) return unreadable(z.prettifyError(parsed.error));
  const conditions = conditionsOf(parsed.data.conditions);
  if (conditions.length === 0) return unreadable("The rule asks for nothing.");
  const pattern = parsed.data.conditions.subject_regex;
  const wrong = pattern == null ? null : wrongPattern(pattern);
  if (wrong !== null) return unreadable(`Its pattern cannot be used: ${wrong}`);
  const {
    name,
    enabled,
    priority,
    importance,
    override_ping: ping,
    preset_name: preset,
  } = read.data;
  const rule = newMailRule.safeParse({
    name: name.slice(0, 80),
    isEnabled: enabled == null ? true : isTrue(enabled),
    priority: Math.min(Math.max(priority ?? 0, -1_000), 1_000),
    importance: importance ?? "normal",
    pings: ping == null ? null : isTrue(ping),
    preset: preset?.slice(0, 40) ?? null,
    definition: { [parsed.data.match_mode === "all" ? "all" : "any"]: conditions },
  });
  return rule.success ? { kind: "read", rule: rule.data } : unreadable(z.prettifyError(rule.error));
}

const MAX_RULES_READ = 200;

/** Rules of the original, or our own as they are exported, in JSON: one, or a list of them. */
export function readRules(json: string): {
  readonly rules: readonly NewMailRule[];
  readonly problems: readonly string[];
} {
  const given = fromJson(json);
  if (given === null) return { rules: [], problems: ["That is no JSON."] };
  const all = (Array.isArray(given) ? given : [given]).slice(0, MAX_RULES_READ);
  const read = all.map((each) => {
    const own = newMailRule.safeParse(each);
    return own.success && !hasWrongPattern(own.data)
      ? ({ kind: "read", rule: own.data } as const)
      : readOriginalRule(each);
  });
  return {
    rules: read.flatMap((each) => (each.kind === "read" ? [each.rule] : [])),
    problems: read.flatMap((each, index) =>
      each.kind === "unreadable" ? [`Rule ${index + 1}: ${each.why}`] : [],
    ),
  };
}

/** Patterns are checked before a rule is kept. */
const hasWrongPattern = ({ definition: { all, any, none } }: NewMailRule): boolean =>
  [...all, ...any, ...none].some(
    (each) => each.kind === "regex" && wrongPattern(each.pattern) !== null,
  );

const unreadable = (why: string): ReadRule => ({ kind: "unreadable", why });
const isTrue = (value: boolean | string): boolean => value === true || value === "true";

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // Told as what is missing.
  }
}

function conditionsOf(given: z.infer<typeof definition>["conditions"]): readonly object[] {
  const some = (list: readonly string[] | null | undefined) =>
    (list ?? []).filter((each) => each.trim() !== "");
  const contains = (kind: string, list: readonly string[] | null | undefined) =>
    some(list).length > 0 ? [{ kind, contains: some(list) }] : [];
  return [
    ...contains("sender", given.sender_contains),
    ...(some(given.sender_domain).length > 0
      ? [{ kind: "domain", is: some(given.sender_domain) }]
      : []),
    ...contains("subject", given.subject_contains),
    ...(given.subject_regex == null || given.subject_regex === ""
      ? []
      : [{ kind: "regex", in: "subject", pattern: given.subject_regex }]),
    ...contains("body", given.body_contains),
    ...(given.has_attachments == null ? [] : [{ kind: "attachment", has: given.has_attachments }]),
  ];
}

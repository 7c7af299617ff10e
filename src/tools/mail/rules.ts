import { z } from "zod";
import { IMPORTANCES, newMailRule, type NewMailRule } from "../../core/mail-rules.ts";
import type { Scope } from "../../core/principal.ts";
import type { Tool } from "../../core/tool.ts";
import { defineMailTool, type MailToolDeps } from "./define.ts";

const words = z.array(z.string().min(1).max(200)).max(50).default([]);

/** What the person is told of. */
export const ruleTools = (deps: MailToolDeps): readonly Tool[] => [
  defineMailTool({
    name: "email_list_presets",
    description: "Ready rules for mail.",
    label: "Looking at ready rules",
    effect: "read",
    input: z.object({}),
    run: async () => deps.desk.presets.map(({ name, says }) => `${name}: ${says}`).join("\n"),
  }),
  defineMailTool({
    name: "email_apply_preset",
    description: "Switches a ready rule on.",
    label: "Switching a ready rule on",
    effect: "write",
    input: z.object({ preset_name: z.string().max(40) }),
    async run({ preset_name: name }, { scope }) {
      const preset = deps.desk.presets.find((each) => each.name === name);
      return preset
        ? save(deps, scope, preset.rule)
        : `There is no ${name}. There are: ${deps.desk.presets.map((each) => each.name).join(", ")}.`;
    },
  }),
  defineMailTool({
    name: "email_add_rule",
    description: "Adds a rule for the person's mail. The person is told of mails that it fits.",
    label: "Adding a rule",
    effect: "write",
    input: z.object({
      name: z.string().min(1).max(80),
      importance: z.enum(IMPORTANCES).default("normal"),
      sender_contains: words,
      sender_domain: words,
      subject_contains: words,
      subject_regex: z.string().max(300).optional(),
      match_mode: z.enum(["any", "all"]).default("any"),
      priority: z.int().min(-1_000).max(1_000).default(0),
    }),
    async run(input, { scope }) {
      const conditions = [
        ...(input.sender_contains.length > 0
          ? [{ kind: "sender", contains: input.sender_contains }]
          : []),
        ...(input.sender_domain.length > 0 ? [{ kind: "domain", is: input.sender_domain }] : []),
        ...(input.subject_contains.length > 0
          ? [{ kind: "subject", contains: input.subject_contains }]
          : []),
        ...(input.subject_regex === undefined
          ? []
          : [{ kind: "regex", in: "subject", pattern: input.subject_regex }]),
      ];
      if (conditions.length === 0)
        return "Say what the rule asks for: a sender, a domain, a subject.";
      const wrong =
        input.subject_regex === undefined ? null : deps.desk.wrongPattern(input.subject_regex);
      if (wrong !== null) return `That pattern cannot be used: ${wrong}`;
      const { name, importance, priority } = input;
      const definition = { [input.match_mode]: conditions };
      return save(deps, scope, newMailRule.parse({ name, importance, priority, definition }));
    },
  }),
  defineMailTool({
    name: "email_list_rules",
    description: "The person's rules, in the order in which they are tried.",
    label: "Looking at the rules",
    effect: "read",
    input: z.object({}),
    async run(_, { scope }) {
      const found = await deps.rules.list(scope);
      return found.length === 0
        ? "There are none, so nothing is told."
        : found
            .map(
              ({ name, action, importance, priority, definition, isEnabled }) =>
                `${name}: ${action}, ${importance}, priority ${priority}${isEnabled ? "" : ", off"}, ${JSON.stringify(definition)}`,
            )
            .join("\n");
    },
  }),
  defineMailTool({
    name: "email_remove_rule",
    description: "Removes a rule, or the rules of a preset.",
    label: "Removing a rule",
    effect: "write",
    input: z.object({
      rule_name: z.string().max(80).optional(),
      preset_name: z.string().max(40).optional(),
    }),
    async run({ rule_name: name, preset_name: preset }, { scope }) {
      if (preset !== undefined)
        return `${await deps.rules.removePreset(scope, preset)} rules are gone.`;
      const found = (await deps.rules.list(scope)).find((each) => each.name === name);
      if (!found) return "There is no rule of that name.";
      await deps.rules.remove(scope, found.id);
      return `${found.name} is gone.`;
    },
  }),
];

async function save({ rules }: MailToolDeps, scope: Scope, rule: NewMailRule): Promise<string> {
  const saved = await rules.save(scope, rule);
  return saved.kind === "saved"
    ? `${rule.name} holds for mails that come from now on.`
    : "There are too many rules.";
}

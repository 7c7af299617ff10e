import { ApplicationCommandOptionType as Option } from "discord-api-types/v10";
import { z } from "zod";
import { shown } from "../../agent/mail-words.ts";
import { MAX_MAIL_RULES, newMailRule, type NewMailRule } from "../../core/mail-rules.ts";
import type { Scope } from "../../core/principal.ts";
import { defineAction, defineFormAction } from "./define-action.ts";
import { defineCommand, type CommandContext } from "./define-command.ts";
import { ownScopeOf, ruleWords, troubleWords, type EmailDeps } from "./email-words.ts";
import type { Reply } from "./reply.ts";

const SAVE = "email-rule-save";
const REMOVE = "email-rule-remove";
const ASK_IMPORT = "email-rules-ask";
const IMPORT = "email-rules-import";
const MAX_SHOWN_HITS = 8;
const MAX_JSON_CHARS = 4_000;

/** `/email rules`: what is there, in the order in which it is tried. */
export const rules = (deps: EmailDeps) =>
  defineCommand({
    name: "rules",
    description: "Your rules, in the order in which they are tried",
    options: [],
    run: async (_, { scope }) => ruleList(deps, ownScopeOf(scope)),
  });

async function ruleList(deps: EmailDeps, scope: Scope): Promise<Reply> {
  const found = await deps.rules.list(scope);
  const importing = {
    kind: "button",
    label: "Import JSON…",
    action: ASK_IMPORT,
    data: {},
  } as const;
  if (found.length === 0)
    return {
      text: "You have no rules, so nothing is told. `/email presets` has ready ones, `/email rule` makes one of your words.",
      rows: [[importing]],
    };
  return {
    text: found.map((each) => `**${shown(each.name, 80)}**\n${ruleWords(each)}`).join("\n\n"),
    rows: [
      [
        {
          kind: "select",
          placeholder: "Remove a rule",
          action: REMOVE,
          data: {},
          from: found
            .slice(0, 25)
            .map(({ id, name }) => ({ name: name.slice(0, 100), value: String(id) })),
        },
      ],
      [importing],
    ],
  };
}

/** `/email rule`: in plain words. A model proposes, the person sees what it would have fitted, and saves it. */
export const rule = (deps: EmailDeps) =>
  defineCommand({
    name: "rule",
    description: "A rule in your own words; you see what it would do before it is saved",
    options: [
      {
        type: Option.String,
        name: "words",
        description: 'For example "ping me when my landlord writes with an attachment"',
        required: true,
        max_length: 500,
      },
    ],
    async run({ words = "" }, { scope, signal }) {
      const own = ownScopeOf(scope);
      const written = await deps.writer.write(own, words, signal);
      return written.kind === "unclear" ? written.why : proposal(deps, own, written.rule, signal);
    },
  });

/** The card of a rule that is not saved yet, with what it would have fitted of the newest mails. */
export async function proposal(
  deps: EmailDeps,
  scope: Scope,
  given: NewMailRule,
  signal: AbortSignal,
): Promise<Reply> {
  const wrong = patternProblem(deps, given);
  if (wrong !== null)
    return { text: `That rule holds a pattern that cannot be used: ${shown(wrong, 200)}` };
  const [account] = await deps.accounts.list(scope);
  const tried = account && (await deps.desk.dryRun(scope, account.id, given.definition, signal));
  const dry =
    tried === undefined
      ? "-# You have no mailbox yet, so it was not tried."
      : tried.kind === "done"
        ? dryWords(tried.value)
        : `-# It could not be tried. ${troubleWords(tried) ?? ""}`;
  return {
    text: `**${shown(given.name, 80)}**\n${ruleWords(given)}\n\n${dry}`,
    rows: [
      [
        {
          kind: "button",
          label: "Save",
          style: "success",
          action: SAVE,
          data: { rule: JSON.stringify(given) },
        },
      ],
    ],
  };
}

function dryWords({
  looked,
  fitting,
}: {
  looked: number;
  fitting: readonly { from: string; subject: string }[];
}): string {
  const lines = fitting
    .slice(0, MAX_SHOWN_HITS)
    .map(
      ({ from, subject }) =>
        `- ${shown(subject === "" ? "(no subject)" : subject, 80)} · ${shown(from, 60)}`,
    );
  const more = fitting.length - lines.length;
  return [
    `Of your newest ${looked} mails it would have fitted **${fitting.length}**${fitting.length > 0 ? ":" : "."}`,
    ...lines,
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join("\n");
}

function patternProblem(
  { desk }: EmailDeps,
  { definition: { all, any, none } }: NewMailRule,
): string | null {
  for (const each of [...all, ...any, ...none]) {
    const wrong = each.kind === "regex" ? desk.wrongPattern(each.pattern) : null;
    if (wrong !== null) return wrong;
  }
  return null;
}

/** `/email presets`: ready rules, on and off. */
export const presets = (deps: EmailDeps) =>
  defineCommand({
    name: "presets",
    description: "Ready rules: see them, switch one on or off",
    options: [
      {
        type: Option.String,
        name: "name",
        description: "Which; left out, all are listed",
        required: false,
        choices: deps.desk.presets.map(({ name }) => ({ name, value: name })),
      },
    ],
    async run({ name }, context) {
      const scope = ownScopeOf(context.scope);
      const active = new Set((await deps.rules.list(scope)).map(({ preset }) => preset));
      const wanted = deps.desk.presets.find((each) => each.name === name);
      if (!wanted)
        return deps.desk.presets
          .map((each) => `${active.has(each.name) ? "🟢" : "⚪"} **${each.name}** ${each.says}`)
          .join("\n");
      if (active.has(wanted.name)) {
        await deps.rules.removePreset(scope, wanted.name);
        return `⚪ **${wanted.name}** is off.`;
      }
      return saveWords(deps, scope, wanted.rule);
    },
  });

async function saveWords(deps: EmailDeps, scope: Scope, given: NewMailRule): Promise<string> {
  const saved = await deps.rules.save(scope, given);
  if (saved.kind === "too-many") return `You have ${MAX_MAIL_RULES} rules, which is the most.`;
  if (saved.kind === "no-account") return "That mailbox is not yours, or gone.";
  return `🟢 **${shown(given.name, 80)}** holds for mails that come from now on.`;
}

const saved = z.object({
  rule: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(newMailRule),
});

export const ruleActions = (deps: EmailDeps) => [
  defineAction({
    name: SAVE,
    async run({ data }, { scope }: CommandContext) {
      const { rule: given } = saved.parse(data);
      if (patternProblem(deps, given) !== null) return { kind: "nothing" };
      return { kind: "replace", reply: { text: await saveWords(deps, ownScopeOf(scope), given) } };
    },
  }),
  defineAction({
    name: REMOVE,
    async run({ values }, { scope }: CommandContext) {
      const own = ownScopeOf(scope);
      await deps.rules.remove(own, Number(values[0]));
      return { kind: "replace", reply: await ruleList(deps, own) };
    },
  }),
  defineFormAction({
    name: ASK_IMPORT,
    form: () => ({
      title: "Import rules",
      fields: [
        {
          name: "json",
          label: "Rules of an older Clara, or of this one",
          style: "long",
          placeholder:
            '[{"name": "...", "rule_definition": {"conditions": {...}, "match_mode": "any"}}]',
          isRequired: true,
          maxLength: MAX_JSON_CHARS,
        },
      ],
      action: IMPORT,
      data: {},
    }),
  }),
  defineAction({
    name: IMPORT,
    async run({ fields }, { scope }: CommandContext) {
      const own = ownScopeOf(scope);
      const { rules: found, problems } = deps.desk.readRules(fields["json"] ?? "");
      const told: string[] = [];
      for (const each of found) told.push(await saveWords(deps, own, each));
      const text = [...told, ...problems.map((each) => `⚠️ ${shown(each, 300)}`)].join("\n");
      return { kind: "whisper", reply: { text } };
    },
  }),
];

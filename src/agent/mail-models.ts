import { z } from "zod";
import type { Asker } from "../core/asker.ts";
import type { RuleWriter } from "../core/mail-desk.ts";
import { newMailRule } from "../core/mail-rules.ts";
import type { Conversation } from "../core/message.ts";
import type { Scope } from "../core/principal.ts";
import { markAsData, withoutHidden } from "./data-marks.ts";
import { shownText } from "./mail-words.ts";
import { mailAnswerPrompt, mailDigestPrompt, mailRulePrompt } from "./prompts.ts";

/** Of the mail that a model reads for its owner. */
const MAX_MAIL_CHARS = 12_000;
const MAX_ANSWER_CHARS = 1_500;

interface Deps {
  readonly asker: Asker;
  /** Where a person is alone with her: his budgets count. */
  readonly placeOf: (scope: Scope) => Conversation;
}

const answer = z.union([z.object({ unclear: z.string() }), newMailRule]);

/** A rule in plain words, by a model that holds no tools and sees no mail. What it gives is checked, and shown before it is saved. */
export const createRuleWriter = ({ asker, placeOf }: Deps): RuleWriter => ({
  async write(scope, words, signal) {
    const asked = await asker.ask({
      scope,
      conversation: placeOf(scope),
      system: mailRulePrompt,
      text: words,
      tier: "mid",
      purpose: "mail",
      signal: AbortSignal.any([signal, AbortSignal.timeout(MAX_ANSWER_MS)]),
    });
    if (asked.kind !== "words") return unclear(TROUBLES[asked.kind]);
    const json = /\{[^]*\}/.exec(asked.text)?.[0] ?? "";
    const read = answer.safeParse(parse(json));
    if (!read.success) return unclear("I could not make a rule of that. Say it in other words.");
    return "unclear" in read.data
      ? unclear(read.data.unclear.slice(0, 300))
      : { kind: "rule", rule: read.data };
  },
});

const MAX_ANSWER_MS = 60_000;
const TROUBLES = {
  "over-budget": "Your budget for today is used up.",
  busy: "I am still busy with another question of yours. Try again in a moment.",
  trouble: "The language model does not answer. Try again later.",
} as const;

const unclear = (why: string) => ({ kind: "unclear", why }) as const;

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null; // Said as what it is: no rule.
  }
}

/**
 * What a model makes of one mail by its owner's wish, in words that can be shown; null when it cannot. The model holds
 * no tools, so that a mail which gives orders gives them to nobody.
 */
export async function readForOwner(
  { asker, placeOf }: Deps,
  scope: Scope,
  { wish, from, text }: { readonly wish: string; readonly from: string; readonly text: string },
  signal: AbortSignal,
): Promise<string | null> {
  if (!asker.isAble) return null;
  const mail = markAsData(text.slice(0, MAX_MAIL_CHARS), [{ source: "mail", name: from }], from);
  const asked = await asker.ask({
    scope,
    conversation: placeOf(scope),
    system: mailDigestPrompt,
    text: `The wish: ${wish}\n\n${mail}`,
    tier: "low",
    purpose: "mail",
    signal,
  });
  return asked.kind === "words" ? shownText(asked.text, MAX_ANSWER_CHARS) : null;
}

/** What she writes back to a mail in her own mailbox; null for nothing. By a model that holds no tools. */
export async function answerMail(
  { asker, placeOf }: Deps,
  scope: Scope,
  {
    persona,
    from,
    text,
  }: { readonly persona: string; readonly from: string; readonly text: string },
  signal: AbortSignal,
): Promise<string | null> {
  if (!asker.isAble) return null;
  const asked = await asker.ask({
    scope,
    conversation: placeOf(scope),
    system: `${persona}\n\n${mailAnswerPrompt}`,
    text: markAsData(text.slice(0, MAX_MAIL_CHARS), [{ source: "mail", name: from }], from),
    tier: "mid",
    purpose: "mail",
    signal,
  });
  if (asked.kind !== "words" || /^\W*none\W*$/i.test(asked.text)) return null;
  return withoutHidden(asked.text).trim();
}

import { z } from "zod";
import type { Asker } from "../../core/asker.ts";
import { messageId } from "../../core/ids.ts";
import { defineAction, defineFormAction, type ActionOutcome } from "../commands/define-action.ts";
import type { CommandContext } from "../commands/define-command.ts";
import { defineMenu } from "../commands/define-menu.ts";
import type { Control } from "../commands/reply.ts";
import { snowflakeOf } from "../snowflake.ts";
import { asData, harmless } from "./cited.ts";
import { asideTrouble, DEMO } from "./aside-words.ts";
import { askAboutPrompt } from "./prompts.ts";
import { mayReadHistory, whereOf } from "./may-read.ts";
import type { ReadLines } from "./read-lines.ts";

export interface AskDeps {
  readonly asker: Asker;
  readonly lines: Pick<ReadLines, "one">;
}

const FORM = "ask-about-form";
const ASK = "ask-about";
/** Of a question: as much as Discord's form takes in one field. */
const MAX_QUESTION_CHARS = 1_000;

const READY = {
  Explain: "Explain this in plain words.",
  "Is it true?": "Is this right? Say what is doubtful and how one could check it.",
  Translate: "Translate this into my language.",
} as const;

/** The message that was chosen is kept by its id: its words stay Discord's. */
const about = z.object({
  message: z.string().regex(/^\d{1,20}$/),
  question: z.string().optional(),
});

/** On any message: a question about it, answered for the one who asks only. */
export const askAbout = () =>
  defineMenu({
    on: "message",
    name: "Ask about this",
    async run({ id, authorName }) {
      const message = snowflakeOf(messageId(id));
      const buttons: Control[] = [
        {
          kind: "button",
          label: "Write a question",
          action: FORM,
          data: { message },
          style: "primary",
        },
        ...Object.entries(READY).map(([label, question]): Control => ({
          kind: "button",
          label,
          action: ASK,
          data: { message, question },
          style: "secondary",
        })),
      ];
      const text = `What would you like to know about the message of **${plain(authorName)}**? Only you read the answer.`;
      return { kind: "whisper", reply: { text, rows: [buttons] } };
    },
  });

export const askAboutForm = () =>
  defineFormAction({
    name: FORM,
    form: ({ data }) => ({
      title: "Ask about this message",
      fields: [
        {
          name: "question",
          label: "Your question",
          style: "long",
          isRequired: true,
          maxLength: MAX_QUESTION_CHARS,
        },
      ],
      action: ASK,
      data,
    }),
  });

/** What the form and the ready questions lead to. */
export const askAboutAction = (deps: AskDeps) =>
  defineAction({
    name: ASK,
    async run({ data, fields }, context) {
      const { message, question: ready } = about.parse(data);
      const question = (fields["question"] ?? ready ?? "").trim().slice(0, MAX_QUESTION_CHARS);
      if (question === "") return whisper("Please write a question.");
      return whisper(await answer(deps, message, question, context));
    },
  });

async function answer(
  { asker, lines }: AskDeps,
  message: string,
  question: string,
  context: CommandContext,
): Promise<string> {
  const { scope, conversation, locale, signal } = context;
  if (!asker.isAble) return DEMO;
  if (!mayReadHistory(context)) return "You may not read what was said here before.";
  const line = await lines.one(whereOf(conversation), message, signal);
  if (!line) return "That message is gone, or I may not read it here.";
  const words = asData("message", `${line.authorName}: ${line.text}`);
  const aside = await asker.ask({
    scope,
    conversation,
    system: askAboutPrompt,
    text: `${words}\n\nThe person's language: ${locale}\nThe question: ${question}`,
    tier: "mid",
    purpose: "ask-about",
    signal,
  });
  if (aside.kind !== "words") return asideTrouble(aside);
  const asked = `> ${question.replaceAll("\n", "\n> ")}`;
  return `${asked}\n${harmless(aside.text) || "I have no answer to that."}`;
}

const whisper = (text: string): ActionOutcome => ({ kind: "whisper", reply: { text } });

const plain = (name: string): string => name.replace(/[*_`~|<>[\]()\\]/g, "");

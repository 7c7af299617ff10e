import { z } from "zod";
import type { Clock } from "../../core/clock.ts";
import type { McpAnswer, McpField, McpQuestion, McpQuestions } from "../../core/mcp-questions.ts";
import { readValues, wantedOf } from "../../core/mcp-values.ts";
import type { Press } from "../press.ts";
import { defineAction, defineFormAction, type ActionOutcome } from "./define-action.ts";
import type { CommandContext } from "./define-command.ts";
import type { Control, Field, Reply } from "./reply.ts";

interface Deps {
  readonly mcpQuestions: Pick<McpQuestions, "look" | "answer">;
  readonly clock: Clock;
}

const PRESS = /^mcp-(ask|no):([\w-]{1,22})$/;
const SAY = "mcp-question-say";
const FORM = "mcp-question-form";
const FILLED = "mcp-question-filled";
const MAX_FORM_CHARS = 4_000;
const MAX_SHORT_CHARS = 200;
const OVER = "That question is not yours, was answered, or is over.";
const NO_SECRETS =
  "-# These are the server's own words, not mine. Enter no passwords and no keys here.";

/** The buttons below what a server asks: they show the one who was asked, and nobody else, what it is. */
export const createMcpQuestionPress =
  ({ mcpQuestions, clock }: Deps): Press =>
  async (leadsTo, { scope }) => {
    const [, what, id] = PRESS.exec(leadsTo) ?? [];
    if (id === undefined) return null;
    if (what === "no") {
      const isTaken = await mcpQuestions.answer(scope, id, { kind: "declined" }, clock.now());
      return isTaken
        ? { kind: "replace", text: "❔ Not answered.", rows: [] }
        : { kind: "whisper", text: OVER };
    }
    const question = await mcpQuestions.look(scope, id, clock.now());
    if (question === null) return { kind: "whisper", text: OVER };
    return { kind: "reply", reply: shown(id, question) };
  };

const said = z.object({ id: z.string(), value: z.string().nullable() });
const asked = z.object({
  id: z.string(),
  serverName: z.string(),
  fields: z.array(z.custom<McpField>()),
});

/** What the controls of such a question lead to. */
export const mcpQuestionActions = (deps: Deps) => [
  defineFormAction({
    name: FORM,
    form({ data }) {
      const { id, serverName, fields } = asked.parse(data);
      return {
        title: `For ${serverName}`,
        fields: fields.map(toFormField),
        action: FILLED,
        data: { id },
      };
    },
  }),
  defineAction({
    name: FILLED,
    async run({ data, fields }, context) {
      const { id } = z.object({ id: z.string() }).parse(data);
      const question = await deps.mcpQuestions.look(context.scope, id, deps.clock.now());
      if (question?.kind !== "form") return whisper(OVER);
      const values = byName(question.fields, fields);
      const read = readValues(question.fields, values);
      if (read.kind === "bad") return whisper(`${read.says} Nothing was sent; press again.`);
      return answer(deps, context, id, { kind: "accepted", values });
    },
  }),
  defineAction({
    name: SAY,
    async run({ data, values: [chosen] }, context) {
      const { id, value } = said.parse(data);
      const question = await deps.mcpQuestions.look(context.scope, id, deps.clock.now());
      if (question === null) return whisper(OVER);
      const name = question.kind === "form" ? question.fields[0]?.name : undefined;
      const given = chosen ?? value;
      return given === null
        ? answer(deps, context, id, { kind: "declined" })
        : answer(deps, context, id, {
            kind: "accepted",
            values: name === undefined ? {} : { [name]: given },
          });
    },
  }),
];

async function answer(
  { mcpQuestions, clock }: Deps,
  { scope }: CommandContext,
  id: string,
  given: McpAnswer,
): Promise<ActionOutcome> {
  const isTaken = await mcpQuestions.answer(scope, id, given, clock.now());
  const text = !isTaken ? OVER : given.kind === "accepted" ? "✅ Answered." : "❔ Not answered.";
  return { kind: "replace", reply: { text } };
}

const whisper = (text: string): ActionOutcome => ({ kind: "whisper", reply: { text } });

function shown(id: string, question: McpQuestion): Reply {
  const say = (label: string, value: string | null, style: "success" | "danger"): Control => ({
    kind: "button",
    label,
    style,
    action: SAY,
    data: { id, value },
  });
  const no = say("No", null, "danger");
  const head = `**${question.serverName}** ${HEADS[question.kind]}`;
  switch (question.kind) {
    case "page":
      return pageReply(head, question, say("I have opened it", "", "success"), no);
    case "sampling":
      return {
        text: [
          head,
          ...(question.system === "" ? [] : ["It is told:", quoted(question.system)]),
          "It is asked:",
          quoted(question.text),
          "-# The server gets the answer. It counts on your budget.",
        ].join("\n"),
        rows: [[say("Allow this once", "", "success"), no]],
      };
    case "form":
      return {
        text: [head, quoted(question.message), ...question.fields.map(lineOf), NO_SECRETS].join(
          "\n",
        ),
        rows: formRows(id, question, say, no),
      };
  }
}

/** Discord takes no longer addresses on a button. */
const MAX_BUTTON_URL_CHARS = 512;

function pageReply(
  head: string,
  { message, url }: Extract<McpQuestion, { kind: "page" }>,
  yes: Control,
  no: Control,
): Reply {
  const isShort = url.length <= MAX_BUTTON_URL_CHARS;
  const link: readonly Control[] = isShort ? [{ kind: "link", label: "Open the page", url }] : [];
  return {
    text: [
      head,
      quoted(message),
      `It leads to **${new URL(url).host}**. Open it only if you know that address.`,
      ...(isShort ? [] : [`<${url}>`]),
    ].join("\n"),
    rows: [[...link, yes, no]],
  };
}

const HEADS: Readonly<Record<McpQuestion["kind"], string>> = {
  form: "asks:",
  page: "wants you to open a page:",
  sampling: "wants a language model to answer this:",
};

/** One yes or no, or one choice, needs no form. */
function formRows(
  id: string,
  { serverName, fields }: Extract<McpQuestion, { kind: "form" }>,
  say: (label: string, value: string, style: "success" | "danger") => Control,
  no: Control,
): NonNullable<Reply["rows"]> {
  const [only] = fields;
  if (fields.length === 0) return [[say("Yes", "", "success"), no]];
  if (fields.length === 1 && only?.type === "boolean")
    return [
      [
        say("Yes", "yes", "success"),
        say("No", "no", "danger"),
        { ...no, label: "Rather not say" } as Control,
      ],
    ];
  if (fields.length === 1 && only?.type === "choice")
    return [
      [
        {
          kind: "select",
          placeholder: only.label,
          from: only.choices.map(({ name, value }) => ({ name, value })),
          action: SAY,
          data: { id, value: null },
        },
      ],
      [no],
    ];
  const data = { id, serverName, fields: JSON.parse(JSON.stringify(fields)) };
  return [[{ kind: "button", label: "Answer", style: "primary", action: FORM, data }, no]];
}

/** Discord knows the fields of a form by a short name; a server's may be anything. */
const toFormField = (field: McpField, index: number): Field => ({
  name: `field${index}`,
  label: field.label,
  style:
    field.type === "text" && (field.maxLength ?? MAX_FORM_CHARS) > MAX_SHORT_CHARS
      ? "long"
      : "short",
  placeholder: wantedOf(field),
  isRequired: field.isRequired,
  maxLength: Math.min(field.maxLength ?? MAX_FORM_CHARS, MAX_FORM_CHARS),
  ...(field.initial === "" ? {} : { value: field.initial }),
});

const byName = (
  fields: readonly McpField[],
  written: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(fields.map(({ name }, index) => [name, written[`field${index}`] ?? ""]));

const lineOf = (field: McpField): string =>
  `- **${field.label}**${field.isRequired ? "" : " (may be left out)"}: ${
    field.description === "" ? wantedOf(field) : field.description
  }`;

/** As it stands there: nothing in it is a link, a mention, or the end of the quotation. */
const quoted = (text: string): string => `\`\`\`\n${text.replaceAll("`", "ʼ")}\n\`\`\``;

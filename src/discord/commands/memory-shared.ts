import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { z } from "zod";
import { PROJECT, type Fact, type Learned, type Refused } from "../../core/memory.ts";
import type { SharedFacts, SharedWith } from "../../core/shared-facts.ts";
import { kindOf } from "../../memory/by-rule.ts";
import { toPlain } from "../plain.ts";
import { defineAction, type Action } from "./define-action.ts";
import { defineCommand, type Command, type CommandContext } from "./define-command.ts";
import { offsetOf, readPage, turnRows } from "./list-pages.ts";
import { readId } from "./memory-options.ts";
import type { Control, Reply } from "./reply.ts";

export interface SharedDeps {
  readonly sharedFacts: SharedFacts;
}

const MAX_CHARS = 500;
/** A message has room for so many, and a select for as many. */
const PAGE_SIZE = 12;

const HOLDERS = { server: "guild", everybody: "project" } as const;
const given = z.looseObject({
  text: z.string(),
  with: z.enum(["server", "everybody"]).default("server"),
});

/** `/memory share`: something that a whole server is to know, or everybody whom she serves. */
export const shareMemory = ({ sharedFacts }: SharedDeps): Command =>
  defineCommand({
    name: "share",
    description: "Tell me something for everybody in this server (for those who manage it)",
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: "text",
        description: "For example: Our meetings are on Tuesdays at 18:00 in #stage",
        required: true,
        max_length: MAX_CHARS,
      },
      {
        type: ApplicationCommandOptionType.String,
        name: "with",
        description: "This server, or everybody whom I serve (that is the operator's to say)",
        required: false,
        choices: [
          { name: "this server", value: "server" },
          { name: "everybody I serve", value: "everybody" },
        ],
      },
    ],
    async run(input, context) {
      const { text, with: wanted } = given.parse(input);
      const sharedWith = HOLDERS[wanted];
      const problem = problemWith(sharedWith, context);
      if (problem !== null) return problem;
      const fact = { text, kind: kindOf(text), sharedWith };
      return { text: outcomeOf(await sharedFacts.add(context.scope, fact), sharedWith) };
    },
  });

/** `/memory shared`: what everybody here may know, and who wrote it. */
export const listShared = ({ sharedFacts }: SharedDeps): Command =>
  defineCommand({
    name: "shared",
    description: "What I know for everybody in this server",
    options: [],
    run: (_, context) => sharedReply(sharedFacts, context, 0),
  });

export const sharedActions = ({ sharedFacts }: SharedDeps): readonly Action[] => [
  defineAction({
    name: "memory-shared-page",
    run: async ({ data }, context) => ({
      kind: "replace",
      reply: await sharedReply(sharedFacts, context, offsetOf(data)),
    }),
  }),
  defineAction({
    name: "memory-shared-remove",
    async run({ data, values }, context) {
      const id = values[0] ?? readId(data);
      const fact = (await sharedFacts.list(context.scope)).find((each) => each.id === id);
      const sharedWith = fact && holderOf(fact);
      const problem = sharedWith ? problemWith(sharedWith, context) : null;
      if (problem !== null) return { kind: "whisper", reply: { text: problem } };
      const gone = sharedWith && (await sharedFacts.remove(context.scope, sharedWith, id));
      const note = gone ? "Forgotten, for everybody." : "It is gone already.";
      const reply = await sharedReply(sharedFacts, context, offsetOf(data), note);
      return { kind: "replace", reply };
    },
  }),
];

/** Why this person may not write or remove it; null when he may. */
function problemWith(
  sharedWith: SharedWith,
  { scope, isGuildAdmin, isOperator }: CommandContext,
): string | null {
  if (sharedWith === "project")
    return isOperator ? null : "Only the operator of this bot may say what I know for everybody.";
  if (scope.principal.guildId === null)
    return "There is no server here. Use this command in the one that it is for.";
  return isGuildAdmin || isOperator
    ? null
    : "Only those who manage this server may say what I know for all of it. What you tell me yourself stays yours: `/memory list`.";
}

function outcomeOf(learned: Learned, sharedWith: SharedWith): string {
  const whom = sharedWith === "guild" ? "everybody in this server" : "everybody whom I serve";
  if (learned.kind === "refused") return refusalOf(learned.because);
  return learned.kind === "known"
    ? `I knew that, for ${whom}.`
    : `I will know it for ${whom}. \`/memory shared\` shows all of it.`;
}

function refusalOf(because: Refused): string {
  if (because === "full")
    return "I know as much for everybody as I can. Take something away first: `/memory shared`.";
  if (because === "secret")
    return "There is a password, a PIN or a key in it: I keep none of those, and everybody could ask me for it.";
  return "There are no words in it that I could remember.";
}

const holderOf = ({ ownerId }: Fact): SharedWith => (ownerId === PROJECT ? "project" : "guild");

async function sharedReply(
  sharedFacts: SharedFacts,
  context: CommandContext,
  at: number,
  note = "",
): Promise<Reply> {
  const facts = await sharedFacts.list(context.scope);
  const look = async (from: number, limit: number) => facts.slice(from, from + limit);
  const page = await readPage(look, at, PAGE_SIZE);
  const { shown, offset } = page;
  if (shown.length === 0)
    return { text: `${note}\nNothing is shared here: \`/memory share text:…\``.trim() };
  const mine = shown.filter((fact) => problemWith(holderOf(fact), context) === null);
  return {
    text: [note, ...shown.map(lineOf)].filter((line) => line !== "").join("\n"),
    rows: [
      ...(mine.length === 0 ? [] : [[forgetSelect(mine, offset)]]),
      ...turnRows(page, "memory-shared-page"),
    ],
  };
}

const forgetSelect = (facts: readonly Fact[], offset: number): Control => ({
  kind: "select",
  placeholder: "Let me forget one, for everybody",
  action: "memory-shared-remove",
  data: { offset },
  from: facts.map(({ id, text }) => ({ name: text, value: id })),
});

const MAX_LINE_CHARS = 100;

function lineOf(fact: Fact): string {
  const text = Array.from(fact.text);
  const short =
    text.length > MAX_LINE_CHARS ? `${text.slice(0, MAX_LINE_CHARS).join("")}…` : fact.text;
  const whom = holderOf(fact) === "guild" ? "this server" : "everybody I serve";
  return `${toPlain(short)}\n-# \`${fact.id}\` · shared with ${whom} by ${toPlain(fact.ownerName) || "somebody who has left"}`;
}

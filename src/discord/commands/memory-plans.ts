import type { Intention, Intentions } from "../../core/intentions.ts";
import type { Scope } from "../../core/principal.ts";
import { toPlain } from "../plain.ts";
import { defineAction, type Action } from "./define-action.ts";
import { defineCommand, type Command } from "./define-command.ts";
import { offsetOf, readPage, turnRows, type ListPage } from "./list-pages.ts";
import { readId } from "./memory-options.ts";
import { ownScope } from "./memory-words.ts";
import type { Reply } from "./reply.ts";

export interface PlansDeps {
  readonly intentions: Pick<Intentions, "list" | "cancel">;
}

/** A message has room for so many lines of 200 characters. */
const PAGE_SIZE = 8;

/** `/memory plans`: what she wants to ask about, and when. */
export const listPlans = (deps: PlansDeps): Command =>
  defineCommand({
    name: "plans",
    description: "What I want to ask you about later; take away what I shall not",
    options: [],
    run: async (_, { scope }) => plansReply(await pageAt(deps, ownScope(scope), 0)),
  });

export const planActions = (deps: PlansDeps): readonly Action[] => [
  defineAction({
    name: "memory-plans-page",
    async run({ data }, { scope }) {
      const page = await pageAt(deps, ownScope(scope), offsetOf(data));
      return { kind: "replace", reply: plansReply(page) };
    },
  }),
  defineAction({
    name: "memory-plan-cancel",
    async run({ data, values }, { scope }) {
      const own = ownScope(scope);
      const gone = await deps.intentions.cancel(own, values[0] ?? readId(data));
      const note = gone ? "I will not ask about that." : "That is done or gone already.";
      return { kind: "replace", reply: plansReply(await pageAt(deps, own, offsetOf(data)), note) };
    },
  }),
];

const pageAt = ({ intentions }: PlansDeps, scope: Scope, at: number) =>
  readPage((offset, limit) => intentions.list(scope, { offset, limit }), at, PAGE_SIZE);

function plansReply(page: ListPage<Intention>, note = ""): Reply {
  const { shown, offset } = page;
  if (shown.length === 0) return { text: `${note}\nThere is nothing I mean to ask you.`.trim() };
  return {
    text: [
      note,
      "When you next talk to me within that time, I will bring up:",
      ...shown.map(lineOf),
    ]
      .filter((line) => line !== "")
      .join("\n"),
    rows: [
      [
        {
          kind: "select",
          placeholder: "Do not ask about",
          action: "memory-plan-cancel",
          data: { offset },
          from: shown.map(({ id, text }) => ({ name: text, value: id })),
        },
      ],
      ...turnRows(page, "memory-plans-page"),
    ],
  };
}

const lineOf = ({ text, dueFrom, dueTo }: Intention): string =>
  `- ${toPlain(text)} (${day(dueFrom)} to ${day(dueTo)})`;

const day = (at: Date): string => `<t:${Math.floor(at.getTime() / 1000)}:D>`;

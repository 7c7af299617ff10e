import type { Intention, Intentions } from "../../core/intentions.ts";
import { toPlain } from "../plain.ts";
import { defineAction, type Action } from "./define-action.ts";
import { defineCommand, type Command } from "./define-command.ts";
import { readId } from "./memory-options.ts";
import { ownScope } from "./memory-words.ts";
import type { Reply } from "./reply.ts";

export interface PlansDeps {
  readonly intentions: Pick<Intentions, "list" | "cancel">;
}

/** A message has room for so many lines of 200 characters. */
const MAX_SHOWN = 8;
const MAX_CHOICE_CHARS = 100;

/** `/memory plans`: what she wants to ask about, and when. */
export const listPlans = ({ intentions }: PlansDeps): Command =>
  defineCommand({
    name: "plans",
    description: "What I want to ask you about later; take away what I shall not",
    options: [],
    run: async (_, { scope }) => plansReply(await intentions.list(ownScope(scope))),
  });

export const planActions = ({ intentions }: PlansDeps): readonly Action[] => [
  defineAction({
    name: "memory-plan-cancel",
    async run({ data, values }, { scope }) {
      const own = ownScope(scope);
      const gone = await intentions.cancel(own, values[0] ?? readId(data));
      const note = gone ? "I will not ask about that." : "That is done or gone already.";
      return { kind: "replace", reply: plansReply(await intentions.list(own), note) };
    },
  }),
];

function plansReply(plans: readonly Intention[], note = ""): Reply {
  if (plans.length === 0) return { text: `${note}\nThere is nothing I mean to ask you.`.trim() };
  const shown = plans.slice(0, MAX_SHOWN);
  const more = plans.length > shown.length ? [`-# and ${plans.length - shown.length} later`] : [];
  return {
    text: [
      note,
      "When you next talk to me within that time, I will bring up:",
      ...shown.map(lineOf),
      ...more,
    ]
      .filter((line) => line !== "")
      .join("\n"),
    rows: [
      [
        {
          kind: "select",
          placeholder: "Do not ask about",
          action: "memory-plan-cancel",
          data: {},
          from: shown.map(({ id, text }) => ({
            name: Array.from(text).slice(0, MAX_CHOICE_CHARS).join(""),
            value: id,
          })),
        },
      ],
    ],
  };
}

const lineOf = ({ text, dueFrom, dueTo }: Intention): string =>
  `- ${toPlain(text)} (${day(dueFrom)} to ${day(dueTo)})`;

const day = (at: Date): string => `<t:${Math.floor(at.getTime() / 1000)}:D>`;

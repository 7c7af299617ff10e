import type { GraphStore, Relation } from "../../core/graph.ts";
import { toPlain } from "../plain.ts";
import { defineAction, type Action } from "./define-action.ts";
import { defineCommand, type Command } from "./define-command.ts";
import { readId } from "./memory-options.ts";
import { ownScope } from "./memory-words.ts";
import type { Reply } from "./reply.ts";

export interface RelationDeps {
  readonly graph: Pick<GraphStore, "list" | "remove">;
}

/** A message has room for so many lines, of two names and what is between them. */
const MAX_SHOWN = 8;
const MAX_CHOICE_CHARS = 100;

/** `/memory relations`: who and what the person spoke of, and how it hangs together. */
export const listRelations = ({ graph }: RelationDeps): Command =>
  defineCommand({
    name: "relations",
    description: "Who and what you told me of, and how it hangs together",
    options: [],
    run: async (_, { scope }) => relationsReply(await graph.list(ownScope(scope))),
  });

export const relationActions = ({ graph }: RelationDeps): readonly Action[] => [
  defineAction({
    name: "memory-relation-remove",
    async run({ data, values }, { scope }) {
      const own = ownScope(scope);
      const gone = await graph.remove(own, values[0] ?? readId(data));
      const note = gone ? "Forgotten." : "That is gone already.";
      return { kind: "replace", reply: relationsReply(await graph.list(own), note) };
    },
  }),
];

function relationsReply(relations: readonly Relation[], note = ""): Reply {
  if (relations.length === 0) return { text: `${note}\nI keep nothing of that kind.`.trim() };
  const shown = relations.slice(0, MAX_SHOWN);
  const more =
    relations.length > shown.length ? [`-# and ${relations.length - MAX_SHOWN} more`] : [];
  return {
    text: [note, ...shown.map((each) => `- ${toPlain(wordsOf(each))}`), ...more]
      .filter((line) => line !== "")
      .join("\n"),
    rows: [
      [
        {
          kind: "select",
          placeholder: "Forget one",
          action: "memory-relation-remove",
          data: {},
          from: shown.map((each) => ({
            name: Array.from(wordsOf(each)).slice(0, MAX_CHOICE_CHARS).join(""),
            value: each.id,
          })),
        },
      ],
    ],
  };
}

const wordsOf = ({ from, type, to }: Relation): string => `${from} ${type} ${to}`;

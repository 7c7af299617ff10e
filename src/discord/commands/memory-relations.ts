import type { GraphStore, Relation } from "../../core/graph.ts";
import type { Scope } from "../../core/principal.ts";
import { toPlain } from "../plain.ts";
import { defineAction, type Action } from "./define-action.ts";
import { defineCommand, type Command } from "./define-command.ts";
import { offsetOf, readPage, turnRows, type ListPage } from "./list-pages.ts";
import { readId } from "./memory-options.ts";
import { ownScope } from "./memory-words.ts";
import type { Reply } from "./reply.ts";

export interface RelationDeps {
  readonly graph: Pick<GraphStore, "list" | "remove">;
}

/** A message has room for so many lines, of two names and what is between them. */
const PAGE_SIZE = 8;

/** `/memory relations`: who and what the person spoke of, and how it hangs together. */
export const listRelations = (deps: RelationDeps): Command =>
  defineCommand({
    name: "relations",
    description: "Who and what you told me of, and how it hangs together",
    options: [],
    run: async (_, { scope }) => relationsReply(await pageAt(deps, ownScope(scope), 0)),
  });

export const relationActions = (deps: RelationDeps): readonly Action[] => [
  defineAction({
    name: "memory-relations-page",
    async run({ data }, { scope }) {
      const page = await pageAt(deps, ownScope(scope), offsetOf(data));
      return { kind: "replace", reply: relationsReply(page) };
    },
  }),
  defineAction({
    name: "memory-relation-remove",
    async run({ data, values }, { scope }) {
      const own = ownScope(scope);
      const gone = await deps.graph.remove(own, values[0] ?? readId(data));
      const note = gone ? "Forgotten." : "That is gone already.";
      return {
        kind: "replace",
        reply: relationsReply(await pageAt(deps, own, offsetOf(data)), note),
      };
    },
  }),
];

const pageAt = ({ graph }: RelationDeps, scope: Scope, at: number) =>
  readPage((offset, limit) => graph.list(scope, { offset, limit }), at, PAGE_SIZE);

function relationsReply(page: ListPage<Relation>, note = ""): Reply {
  const { shown, offset } = page;
  if (shown.length === 0) return { text: `${note}\nI keep nothing of that kind.`.trim() };
  return {
    text: [note, ...shown.map((each) => `- ${toPlain(wordsOf(each))}`)]
      .filter((line) => line !== "")
      .join("\n"),
    rows: [
      [
        {
          kind: "select",
          placeholder: "Forget one",
          action: "memory-relation-remove",
          data: { offset },
          from: shown.map((each) => ({ name: wordsOf(each), value: each.id })),
        },
      ],
      ...turnRows(page, "memory-relations-page"),
    ],
  };
}

const wordsOf = ({ from, type, to }: Relation): string => `${from} ${type} ${to}`;

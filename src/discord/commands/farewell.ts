import { toJsonCopy, toMarkdownCopy } from "../../agent/own-copy.ts";
import type { Farewells } from "../../core/farewells.ts";
import { defineAction, defineFormAction, type Action, type FormAction } from "./define-action.ts";
import { defineCommand, type Command } from "./define-command.ts";
import { ownScope } from "./memory-words.ts";
import type { Reply } from "./reply.ts";

/** What has to be typed, so that no slip takes everything away. */
const TYPED = "forget me";

export interface FarewellCommandDeps {
  readonly farewells: Pick<Farewells, "ask" | "takeBack" | "pending" | "everything">;
  readonly clock: { readonly now: () => Date };
}

/** `/clara forget-me`: everything of a person at once. Asks first, has to be typed, and can be taken back for three days. */
export const forgetMe = ({ farewells }: FarewellCommandDeps): Command =>
  defineCommand({
    name: "forget-me",
    description: "Take away everything that I keep of you",
    options: [],
    async run(_, { scope }) {
      const due = await farewells.pending(ownScope(scope));
      return due ? askedFor(due) : QUESTION;
    },
  });

const QUESTION: Reply = {
  text: [
    "**Everything that I keep of you goes:** what you said to me and what I answered, memories, reminders, schedules, settings, files, keys (a Google that you connected is taken back there, too), and what you agreed to.",
    "Memories are used no more from now on. Everything else goes in three days, with what you say until then; you can take it back before.",
    "What stays: what you wrote for everybody in a server by `/memory share` (it is the server's), and what my answers to others repeat of your words; that there were messages and calls, as numbers without words, and what they cost. My messages in Discord stay where they are; those are yours to delete.",
    "-# `/clara export` gives you a copy first.",
  ].join("\n"),
  rows: [[{ kind: "button", label: "Go on", style: "danger", action: "farewell-form", data: {} }]],
};

const askedFor = (due: Date): Reply => ({
  text: `Everything that I keep of you is gone <t:${Math.floor(due.getTime() / 1_000)}:R>. My memories of you are used no more.`,
  rows: [[{ kind: "button", label: "Take it back", action: "farewell-take-back", data: {} }]],
});

export const farewellActions = ({
  farewells,
}: FarewellCommandDeps): readonly (Action | FormAction)[] => [
  defineFormAction({
    name: "farewell-form",
    form: () => ({
      title: "Take away everything",
      action: "farewell",
      data: {},
      fields: [
        {
          name: "typed",
          label: `Type: ${TYPED}`,
          style: "short",
          placeholder: TYPED,
          isRequired: true,
          maxLength: 40,
        },
      ],
    }),
  }),
  defineAction({
    name: "farewell",
    async run({ fields }, { scope }) {
      if (fields["typed"]?.trim().toLowerCase() !== TYPED)
        return {
          kind: "whisper",
          reply: { text: `Nothing was done. To go on, type exactly: ${TYPED}` },
        };
      return { kind: "replace", reply: askedFor(await farewells.ask(ownScope(scope))) };
    },
  }),
  defineAction({
    name: "farewell-take-back",
    async run(_, { scope }) {
      const isBack = await farewells.takeBack(ownScope(scope));
      const text = isBack
        ? "Taken back: everything stays, and my memories of you are used again."
        : "There is nothing to take back (any more): the three days are over, or you had not asked for it.";
      return { kind: "replace", reply: { text } };
    },
  }),
];

/** `/clara export`: a copy of everything, for programs and to read. */
export const exportAll = ({ farewells, clock }: FarewellCommandDeps): Command =>
  defineCommand({
    name: "export",
    description: "A copy of everything that I keep of you",
    options: [],
    async run(_, { scope }) {
      const all = await farewells.everything(ownScope(scope));
      const date = clock.now().toISOString().slice(0, 10);
      const counts = Object.entries(all).flatMap(([kind, { length }]) =>
        length === 0 ? [] : [`${LABELS[kind] ?? kind} ${length}`],
      );
      const encode = (text: string) => new TextEncoder().encode(text);
      return {
        text: `Everything that I keep of you: ${counts.join(", ") || "nothing"}. Of more than 10,000 of a kind, the newest. Files are listed by name; keys are sealed, and only their names are here.`,
        files: [
          { name: `clara-${date}.json`, content: encode(toJsonCopy(all)) },
          { name: `clara-${date}.md`, content: encode(toMarkdownCopy(all, date)) },
        ],
      };
    },
  });

/** Kinds whose names say little to whoever is not in the house. */
const LABELS: Readonly<Record<string, string>> = {
  episodes: "talks",
  neverLearnt: "wishes about learning",
  secretNames: "keys",
  usage: "model calls",
  grants: "agreements for good",
};

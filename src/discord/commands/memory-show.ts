import { z } from "zod";
import { FACT_KINDS, type Fact, type FactChange, type MemoryStore } from "../../core/memory.ts";
import {
  defineAction,
  defineFormAction,
  type Action,
  type ActionOutcome,
  type FormAction,
} from "./define-action.ts";
import { defineCommand, type Command, type CommandContext } from "./define-command.ts";
import { idOption, readId, suggestFacts } from "./memory-options.ts";
import { NO_SUCH, ownScope, pageOf, sourceLinks } from "./memory-words.ts";
import type { Control, Reply } from "./reply.ts";

export interface ShowDeps {
  readonly memories: Pick<MemoryStore, "find" | "change" | "list">;
}

const REACHES = [
  { value: "here", name: "Readers of the place where I said it" },
  { value: "private", name: "Only me" },
  { value: "guild", name: "Everybody in that server" },
  { value: "everywhere", name: "Me, wherever I ask" },
] as const;

const reach = z.tuple([z.enum(["here", "private", "guild", "everywhere"])]);
const kind = z.enum(FACT_KINDS);
const withText = z.looseObject({ id: z.string(), text: z.string(), kind });
const withPin = z.looseObject({ id: z.string(), isPinned: z.boolean() });

/** `/memory show`: one memory with all that is known of it, and what can be done with it. */
export const showMemory = ({ memories }: ShowDeps): Command =>
  defineCommand({
    name: "show",
    description: "One memory: where it comes from, who may know it; edit, pin or forget it",
    options: [idOption],
    suggest: { id: suggestFacts(memories) },
    async run(input, { scope }) {
      const fact = await memories.find(ownScope(scope), readId(input));
      return fact ? factReply(fact) : NO_SUCH;
    },
  });

/** `/memory pin`: given in every conversation, until it is unpinned. */
export const pinMemory = ({ memories }: ShowDeps): Command =>
  defineCommand({
    name: "pin",
    description: "Let me always have a memory at hand; again takes the pin off",
    options: [idOption],
    suggest: { id: suggestFacts(memories) },
    async run(input, { scope }) {
      const own = ownScope(scope);
      const fact = await memories.find(own, readId(input));
      const changed = fact && (await memories.change(own, fact.id, { isPinned: !fact.isPinned }));
      return changed ? factReply(changed) : NO_SUCH;
    },
  });

export function factReply(fact: Fact, note = ""): Reply {
  const { id, isPinned, text } = fact;
  const links = sourceLinks(fact);
  const buttons: Control[] = [
    {
      kind: "button",
      label: "Edit",
      action: "memory-edit-form",
      data: { id, text, kind: fact.kind },
    },
    {
      kind: "button",
      label: isPinned ? "Unpin" : "Pin",
      action: "memory-pin",
      data: { id, isPinned: !isPinned },
    },
    { kind: "button", label: "Forget", style: "danger", action: "memory-forget", data: { id } },
    {
      kind: "button",
      label: "All memories",
      action: "memory-page",
      data: { words: "", offset: 0 },
    },
  ];
  const readers: Control = {
    kind: "select",
    placeholder: "Who may know it",
    from: REACHES,
    action: "memory-reach",
    data: { id },
  };
  return {
    text: note === "" ? pageOf(fact) : `${note}\n${pageOf(fact)}`,
    rows: fact.validTo === null ? [buttons, [readers], ...rowOf(links)] : rowOf(links),
  };
}

const rowOf = (links: readonly Control[]): readonly (readonly Control[])[] =>
  links.length === 0 ? [] : [links];

export function showActions({ memories }: ShowDeps): readonly (Action | FormAction)[] {
  async function change(
    { scope }: CommandContext,
    id: string,
    wanted: FactChange,
    note: string,
  ): Promise<ActionOutcome> {
    const changed = await memories.change(ownScope(scope), id, wanted);
    return changed
      ? { kind: "replace", reply: factReply(changed, note) }
      : { kind: "whisper", reply: { text: NOT_CHANGED } };
  }

  return [
    defineAction({
      name: "memory-show",
      async run({ data, values }, { scope }) {
        const id = values[0] ?? readId(data);
        const fact = await memories.find(ownScope(scope), id);
        return { kind: "replace", reply: fact ? factReply(fact) : { text: NO_SUCH } };
      },
    }),
    defineFormAction({
      name: "memory-edit-form",
      form({ data }) {
        const fact = withText.parse(data);
        return {
          title: "Edit a memory",
          action: "memory-edit",
          data: { id: fact.id },
          fields: [
            {
              name: "text",
              label: "What I should know",
              style: "long",
              value: fact.text,
              isRequired: true,
              maxLength: 500,
            },
            {
              name: "kind",
              label: `One of ${FACT_KINDS.join(", ")}`.slice(0, 45),
              style: "short",
              value: fact.kind,
              isRequired: false,
              maxLength: 20,
            },
          ],
        };
      },
    }),
    defineAction({
      name: "memory-edit",
      run: ({ data, fields }, context) => {
        const given = kind.safeParse(fields["kind"]?.trim().toLowerCase());
        const text = fields["text"] ?? "";
        const wanted = given.success ? { text, kind: given.data } : { text };
        return change(
          context,
          readId(data),
          wanted,
          "Changed. The old words stay as what was before.",
        );
      },
    }),
    defineAction({
      name: "memory-pin",
      run: ({ data }, context) => {
        const { id, isPinned } = withPin.parse(data);
        return change(context, id, { isPinned }, isPinned ? "Pinned." : "Unpinned.");
      },
    }),
    defineAction({
      name: "memory-reach",
      run: ({ data, values }, context) => {
        const [wanted] = reach.parse(values);
        return change(context, readId(data), { reach: wanted }, "");
      },
    }),
  ];
}

const NOT_CHANGED =
  "I did not change it. It may be gone, there is a password or a key in it, or your `/memory never` list or `/memory pause` forbids it.";

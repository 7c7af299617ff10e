import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { z } from "zod";
import type { Fact, MemoryStore } from "../../core/memory.ts";
import type { Scope } from "../../core/principal.ts";
import { defineAction, type Action } from "./define-action.ts";
import { defineCommand, type Command } from "./define-command.ts";
import { turnRows } from "./list-pages.ts";
import { lineOf, ownScope } from "./memory-words.ts";
import type { Control, Reply } from "./reply.ts";

/** A line may have 600 characters, and a message 2,000; and a select takes 25. */
const PAGE_SIZE = 8;
const MAX_CHOICES = 25;

export interface ListDeps {
  readonly memories: Pick<MemoryStore, "list" | "settings">;
}

const page = z.looseObject({ words: z.string(), offset: z.int().min(0) });

/** `/memory list`: what she remembers of the person, in pages. */
export const listMemories = (deps: ListDeps): Command =>
  defineCommand({
    name: "list",
    description: "What I remember of you",
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: "search",
        description: "Only memories that hold these words",
        required: false,
      },
    ],
    run: (input, { scope }) => listReply(deps, ownScope(scope), input["search"]?.trim() ?? "", 0),
  });

export const listActions = (deps: ListDeps): readonly Action[] => [
  defineAction({
    name: "memory-page",
    async run({ data }, { scope }) {
      const { words, offset } = page.parse(data);
      return { kind: "replace", reply: await listReply(deps, ownScope(scope), words, offset) };
    },
  }),
];

/** Opens one of them; Discord takes 25. */
export const factSelect = (facts: readonly Fact[]): Control => ({
  kind: "select",
  placeholder: "Open one",
  action: "memory-show",
  data: {},
  from: facts.slice(0, MAX_CHOICES).map(({ id, text }) => ({ name: text, value: id })),
});

async function listReply(
  { memories }: ListDeps,
  scope: Scope,
  words: string,
  offset: number,
): Promise<Reply> {
  const wanted = words === "" ? null : words;
  const [{ facts, total }, settings] = await Promise.all([
    memories.list(scope, { words: wanted, withPast: false, offset, limit: PAGE_SIZE }),
    memories.settings(scope),
  ]);
  const notes = [
    ...(settings.mode === "paused" ? ["⏸️ Memory is paused: I learn nothing new."] : []),
    ...(settings.mode === "off" ? ["⏹️ Memory is off: I learn nothing and use nothing."] : []),
    ...(settings.forgottenForGoodAt
      ? [
          `🗑️ What I knew before is gone for good <t:${Math.floor(settings.forgottenForGoodAt.getTime() / 1000)}:R>.`,
        ]
      : []),
  ];
  if (total === 0) {
    const none = wanted === null ? "I remember nothing of you." : "No memory holds these words.";
    return { text: [...notes, none].join("\n") };
  }
  const title = `**${total} ${total === 1 ? "memory" : "memories"}**${wanted === null ? "" : " with these words"}${total > PAGE_SIZE ? `, from ${offset + 1}` : ""}`;
  const at = { offset, size: PAGE_SIZE, hasMore: offset + PAGE_SIZE < total };
  return {
    text: [...notes, title, ...facts.map(lineOf)].join("\n"),
    rows: [
      ...(facts.length === 0 ? [] : [[factSelect(facts)]]),
      ...turnRows(at, "memory-page", { words }),
    ],
  };
}

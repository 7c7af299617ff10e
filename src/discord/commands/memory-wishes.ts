import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { z } from "zod";
import type { MemoryMode, MemoryStore } from "../../core/memory.ts";
import type { Scope } from "../../core/principal.ts";
import { toPlain } from "../plain.ts";
import { defineAction, type Action } from "./define-action.ts";
import { defineCommand, type Command } from "./define-command.ts";
import { ownScope } from "./memory-words.ts";
import type { Reply } from "./reply.ts";

export interface WishDeps {
  readonly memories: Pick<MemoryStore, "settings" | "setMode" | "addNever" | "removeNever">;
}

const MEANING: Readonly<Record<MemoryMode, string>> = {
  on: "Memory is on: I learn from what you say to me, and use it where its readers may know it.",
  paused: "Memory is paused: I learn nothing new, and use what I know. `/memory resume` ends that.",
  off: "Memory is off: I learn nothing of you and use nothing. `/memory resume` ends that, `/memory forget-all` clears what is there.",
};

const modeCommand = (
  { memories }: WishDeps,
  name: string,
  mode: MemoryMode,
  description: string,
): Command =>
  defineCommand({
    name,
    description,
    options: [],
    async run(_, { scope }) {
      await memories.setMode(ownScope(scope), mode);
      return MEANING[mode];
    },
  });

/** `/memory pause`, `resume` and `off`. */
export const modeCommands = (deps: WishDeps): readonly Command[] => [
  modeCommand(deps, "pause", "paused", "Let me learn nothing new of you"),
  modeCommand(deps, "resume", "on", "Let me learn and remember again"),
  modeCommand(deps, "off", "off", "Let me learn nothing of you and use nothing"),
];

/** `/memory never`: what is never learnt. */
export const neverLearn = ({ memories }: WishDeps): Command =>
  defineCommand({
    name: "never",
    description: "What I shall never learn about you; without words, the list",
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: "about",
        description: "For example: my health",
        required: false,
        max_length: 80,
      },
    ],
    async run(input, { scope }) {
      const own = ownScope(scope);
      const about = input["about"]?.trim() ?? "";
      if (about === "") return neverReply(memories, own, "");
      const isNew = await memories.addNever(own, about);
      const note = isNew
        ? "I will not learn about that."
        : "It is on the list, or the list is full.";
      return neverReply(memories, own, note);
    },
  });

const chosen = z.tuple([z.string()]);

export const wishActions = ({ memories }: WishDeps): readonly Action[] => [
  defineAction({
    name: "memory-never-remove",
    async run({ values }, { scope }) {
      const own = ownScope(scope);
      await memories.removeNever(own, chosen.parse(values)[0]);
      return { kind: "replace", reply: await neverReply(memories, own, "Taken off the list.") };
    },
  }),
];

const MAX_CHOICES = 25;

async function neverReply(
  memories: WishDeps["memories"],
  scope: Scope,
  note: string,
): Promise<Reply> {
  const { never } = await memories.settings(scope);
  if (never.length === 0)
    return { text: `${note}\nYour list is empty: \`/memory never about:my health\`.`.trim() };
  const list = never.map((words) => `- ${toPlain(words)}`).join("\n");
  return {
    text: `${note}\nI never learn anything of yours that touches:\n${list}`.trim(),
    rows: [
      [
        {
          kind: "select",
          placeholder: "Take one off the list",
          action: "memory-never-remove",
          data: {},
          from: never.slice(0, MAX_CHOICES).map((words) => ({ name: words, value: words })),
        },
      ],
    ],
  };
}

import type { MemoryStore } from "../../core/memory.ts";
import { toPlain } from "../plain.ts";
import { defineAction, type Action } from "./define-action.ts";
import { defineCommand, type Command } from "./define-command.ts";
import { idOption, readId, suggestFacts } from "./memory-options.ts";
import { factReply } from "./memory-show.ts";
import { NO_SUCH, ownScope } from "./memory-words.ts";
import type { Reply } from "./reply.ts";

export interface ForgetDeps {
  readonly memories: Pick<
    MemoryStore,
    "forget" | "restore" | "forgetAll" | "restoreAll" | "list" | "settings"
  >;
}

/** `/memory forget`: one memory, and it is not learnt again from the same words. */
export const forgetMemory = ({ memories }: ForgetDeps): Command =>
  defineCommand({
    name: "forget",
    description: "Let me forget one memory",
    options: [idOption],
    suggest: { id: suggestFacts(memories) },
    async run(input, { scope }) {
      const fact = await memories.forget(ownScope(scope), readId(input));
      return fact ? forgotten(fact.id, fact.text) : NO_SUCH;
    },
  });

/** `/memory forget-all`: asks first. */
export const forgetAllMemories = ({ memories }: ForgetDeps): Command =>
  defineCommand({
    name: "forget-all",
    description: "Let me forget everything about you",
    options: [],
    async run(_, { scope }) {
      const own = ownScope(scope);
      const { total } = await memories.list(own, {
        words: null,
        withPast: true,
        offset: 0,
        limit: 1,
      });
      return {
        text: `I will forget ${total === 1 ? "the one memory" : `all ${total} memories`} of you and use nothing that you said before. You can take it back for three days; then it is gone for good. \`/memory export\` gives you a copy first.`,
        rows: [
          [
            {
              kind: "button",
              label: "Forget everything",
              style: "danger",
              action: "memory-forget-all",
              data: {},
            },
          ],
        ],
      };
    },
  });

const forgotten = (id: string, text: string): Reply => ({
  text: `Forgotten: ${toPlain(text)}\n-# For three days it can be brought back.`,
  rows: [[{ kind: "button", label: "Undo", action: "memory-restore", data: { id } }]],
});

export const forgetActions = ({ memories }: ForgetDeps): readonly Action[] => [
  defineAction({
    name: "memory-forget",
    async run({ data }, { scope }) {
      const fact = await memories.forget(ownScope(scope), readId(data));
      return {
        kind: "replace",
        reply: fact ? forgotten(fact.id, fact.text) : { text: NO_SUCH },
      };
    },
  }),
  defineAction({
    name: "memory-restore",
    async run({ data }, { scope }) {
      const fact = await memories.restore(ownScope(scope), readId(data));
      const reply = fact
        ? factReply(fact, "Brought back.")
        : { text: "It is gone for good, or I have learnt it again since." };
      return { kind: "replace", reply };
    },
  }),
  defineAction({
    name: "memory-forget-all",
    async run(_, { scope }) {
      const count = await memories.forgetAll(ownScope(scope));
      return {
        kind: "replace",
        reply: {
          text: `Forgotten: ${count}. I use nothing any more that you said before now. In three days it is gone for good.`,
          rows: [[{ kind: "button", label: "Undo", action: "memory-restore-all", data: {} }]],
        },
      };
    },
  }),
  defineAction({
    name: "memory-restore-all",
    async run(_, { scope }) {
      const count = await memories.restoreAll(ownScope(scope));
      const text = count === 0 ? "There is nothing to bring back." : `Brought back: ${count}.`;
      return { kind: "replace", reply: { text } };
    },
  }),
];

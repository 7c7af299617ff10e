import { z } from "zod";
import { speakerLabels, toLine } from "../agent/speakers.ts";
import type { Transcript } from "../core/stores.ts";
import { defineTool } from "../core/tool.ts";

const MAX_HITS = 50;

export const searchConversation = (deps: { readonly transcript: Transcript }) =>
  defineTool({
    name: "search_conversation",
    description:
      "Look through everything said in this conversation, also what is too old to be shown to you. Gives messages that hold the words, best first.",
    label: "Looking through this conversation",
    effect: "read",
    timeoutMs: 10_000,
    input: z.object({
      words: z.string().trim().min(1).max(200).describe("What to look for"),
      from: z.string().max(100).optional().describe("Only messages of the person with this name"),
      limit: z.int().min(1).max(MAX_HITS).default(10),
    }),
    async run({ words, from = null, limit }, { scope, conversationId }) {
      const found = await deps.transcript.search(scope, conversationId, { words, from, limit });
      if (found.length === 0) return { text: `Nothing in this conversation holds "${words}".` };
      const labels = speakerLabels(found);
      const lines = found.map(({ sentAt, role, authorId, text }) => {
        const label = role === "clara" ? "you" : (labels.get(authorId) ?? "someone");
        return toLine(label, sentAt.toISOString(), text);
      });
      return { text: lines.join("\n") };
    },
  });

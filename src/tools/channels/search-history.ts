import { z } from "zod";
import { speakerLabels, toLine } from "../../agent/speakers.ts";
import type { GuildAccess } from "../../core/guild-access.ts";
import type { History } from "../../core/history.ts";
import { defineTool } from "../../core/tool.ts";

const MAX_HITS = 50;

export const searchChatHistory = (deps: {
  readonly access: GuildAccess;
  readonly history: History;
}) =>
  defineTool({
    name: "search_chat_history",
    description:
      "Look through what was said in all channels of this server that the person who asks may read and that everybody who reads your answer may read, too. Gives messages that hold the words, best first. For this conversation alone use search_conversation.",
    label: "Looking through the channels",
    effect: "read",
    timeoutMs: 30_000,
    input: z.object({
      query: z.string().trim().min(1).max(200).describe("What to look for"),
      limit: z.int().min(1).max(MAX_HITS).default(20),
      from_user: z
        .string()
        .max(100)
        .optional()
        .describe("Only messages of the person with this name"),
    }),
    async run({ query, limit, from_user: from = null }, { scope, conversationId, signal }) {
      const standing = await deps.access.standing(scope.principal, signal);
      if (!standing) return { text: "This works in servers only.", isError: true };
      // What is answered here is read by everybody here: what only some of them may read stays out.
      const visible = standing.places
        .filter(
          ({ mayRead, isForAll, conversation }) =>
            mayRead && (isForAll || conversation.id === conversationId),
        )
        .map(({ conversation }) => conversation.id);
      const found = await deps.history.search(scope, visible, { words: query, from, limit });
      if (found.length === 0) return { text: `Nothing that may be shown here holds "${query}".` };
      const labels = speakerLabels(found);
      const lines = found.map(({ sentAt, role, authorId, text, title }) => {
        const label = role === "clara" ? "you" : (labels.get(authorId) ?? "someone");
        return toLine(`${label} in ${title.replace(/[\][\n]/g, "")}`, sentAt.toISOString(), text);
      });
      return {
        text: lines.join("\n"),
        taints: [{ source: "other-person", name: "chat history" }],
      };
    },
  });

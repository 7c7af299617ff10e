import type { Audit } from "../../core/approvals.ts";
import { z } from "zod";
import { recalledOrigins, relationLine } from "../../agent/recalled.ts";
import { talkParts } from "../../agent/recalled-talks.ts";
import { speakerLabels, toLine } from "../../agent/speakers.ts";
import { isShared, PROJECT, type Fact, type MemoryStore } from "../../core/memory.ts";
import { type Recall } from "../../core/recall.ts";
import { defineTool } from "../../core/tool.ts";
import { factLine } from "./words.ts";

const MAX_LISTED = 30;

export interface RecallToolDeps {
  readonly audit: Pick<Audit, "taintsOf">;
  readonly memories: Pick<MemoryStore, "list">;
  readonly recall: Pick<Recall, "about">;
}

export const recallTool = (deps: RecallToolDeps) =>
  defineTool({
    name: "recall",
    description:
      "Look through what you remember of the person who asks, and what was said here earlier. Without words it gives the newest facts. Gives facts with their ids.",
    label: "Remembering",
    effect: "read",
    timeoutMs: 10_000,
    input: z.object({
      words: z
        .string()
        .max(500)
        .default("")
        .describe("What to look for, as a question or as words"),
    }),
    async run({ words }, { scope, conversationId }) {
      if (words.trim() === "") {
        const page = await deps.memories.list(scope, {
          words: null,
          withPast: false,
          offset: 0,
          limit: MAX_LISTED,
        });
        const more = page.total > page.facts.length ? `\n(${page.total} in all)` : "";
        return { text: page.total === 0 ? NOTHING : page.facts.map(factLine).join("\n") + more };
      }
      const found = await deps.recall.about(scope, { text: words, given: [], turnId: null });
      if (found.state === "late" || found.state === "failed")
        return { text: "The memory did not answer in time. Try once more.", isError: true };
      const labels = speakerLabels(found.messages);
      const all = [...found.always, ...found.facts];
      const own = all.filter(({ ownerId }) => ownerId === scope.principal.userId);
      const others = all.filter((fact) => !own.includes(fact));
      const lines = [
        ...own.map(factLine),
        ...others.map((fact) => `${factLine(fact)} (${toldBy(fact)})`),
        ...found.messages.map(({ role, authorId, sentAt, text }) =>
          toLine(
            role === "clara" ? "you" : (labels.get(authorId) ?? "someone"),
            sentAt.toISOString(),
            text,
          ),
        ),
        ...found.relations.map((relation) => relationLine(relation, scope.principal.userId)),
        ...talkParts(found.talks).flatMap((part) =>
          part.lines.length === 0 ? [] : [`${part.title}:`, ...part.lines],
        ),
      ];
      const { taints, turnIds } = recalledOrigins(found, scope.principal.userId);
      const within = await deps.audit.taintsOf(scope, conversationId, { turnIds, upTo: null });
      return {
        text: lines.length === 0 ? NOTHING : lines.join("\n"),
        taints: [...taints, ...within],
      };
    },
  });

const toldBy = (fact: Fact): string =>
  isShared(fact)
    ? `shared with ${fact.ownerId === PROJECT ? "everybody" : "this server"} by ${fact.ownerName}`
    : `told by somebody else: ${fact.ownerName}`;

const NOTHING = "Nothing is remembered about that.";

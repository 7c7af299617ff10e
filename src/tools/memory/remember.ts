import { z } from "zod";
import { FACT_KINDS, type MemoryStore } from "../../core/memory.ts";
import { type Recall } from "../../core/recall.ts";
import type { Clock } from "../../core/clock.ts";
import type { Transcript } from "../../core/stores.ts";
import { defineTool } from "../../core/tool.ts";
import { compare } from "../../memory/learn.ts";
import { refusedBecause } from "./words.ts";

const MAX_RELATED = 12;
/** Lines among which the one is looked for that asked for it. */
const MAX_LOOKED_THROUGH = 12;

export interface RememberDeps {
  readonly memories: Pick<MemoryStore, "learn">;
  readonly recall: Pick<Recall, "related">;
  readonly transcript: Pick<Transcript, "recent">;
  readonly clock: Clock;
}

export const remember = (deps: RememberDeps) =>
  defineTool({
    name: "remember",
    description:
      "Keep one fact about the person who asks, for later conversations. Use it when they ask you to remember something. What they say about others is kept as theirs, too.",
    label: "Remembering",
    effect: "write",
    timeoutMs: 10_000,
    input: z.object({
      text: z
        .string()
        .trim()
        .min(1)
        .max(500)
        .describe("One short sentence that can be understood alone"),
      kind: z.enum(FACT_KINDS).default("other"),
      subject: z
        .string()
        .max(80)
        .default("")
        .describe("Whom or what it is about; empty for the person"),
      isKey: z
        .boolean()
        .default(false)
        .describe("True when it matters in nearly every conversation"),
    }),
    explain: ({ text }) => ({ what: "Remember", target: text, reversible: true }),
    async run({ text, kind, subject, isKey }, { scope, conversationId, turnId }) {
      const [related, lines] = await Promise.all([
        deps.recall.related(scope, `${subject} ${text}`, MAX_RELATED),
        deps.transcript.recent(scope, conversationId, {
          limit: MAX_LOOKED_THROUGH,
          upTo: null,
          after: null,
        }),
      ]);
      const asked = lines.findLast(
        ({ role, authorId }) => role === "person" && authorId === scope.principal.userId,
      );
      const fact = {
        text,
        kind,
        subject,
        isKey,
        confidence: 0.95,
        origin: "told",
        validFrom: deps.clock.now(),
        sources: asked ? [asked.id] : [],
        conversationId,
        ...compare({ text, subject, replaces: [] }, related),
      } as const;
      const [learned] = await deps.memories.learn(scope, [fact], turnId);
      if (!learned || learned.kind === "refused")
        return { text: refusedBecause(learned?.because ?? "empty"), isError: true };
      const done = {
        added: "Remembered",
        changed: "Remembered, in place of what was known before",
        known: "Known already",
      };
      return { text: `${done[learned.kind]}, as ${learned.id}.` };
    },
  });

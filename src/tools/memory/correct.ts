import { z } from "zod";
import { FACT_KINDS, type MemoryStore } from "../../core/memory.ts";
import { defineTool } from "../../core/tool.ts";
import { factId, NO_SUCH_FACT } from "./forget.ts";

export const correct = (deps: { readonly memories: Pick<MemoryStore, "change"> }) =>
  defineTool({
    name: "correct",
    description:
      "Give a fact about the person who asks new words, by its id, when they say that it is wrong or no longer so. The old words are kept as what was known before.",
    label: "Correcting what she remembers",
    effect: "write",
    timeoutMs: 10_000,
    input: z.object({
      id: factId,
      text: z.string().trim().min(1).max(500).describe("The whole fact as it is right"),
      kind: z.enum(FACT_KINDS).optional(),
    }),
    explain: ({ text }) => ({ what: "Correct a memory", target: text, reversible: true }),
    async run({ id, text, kind }, { scope, turnId }) {
      const wanted = { text, ...(kind ? { kind } : {}) };
      const changed = await deps.memories.change(scope, id, wanted, turnId);
      return changed
        ? { text: `Corrected, as ${changed.id}: ${changed.text}` }
        : { text: NO_SUCH_FACT, isError: true };
    },
  });

import { z } from "zod";
import type { MemoryStore } from "../../core/memory.ts";
import { defineTool } from "../../core/tool.ts";

export const factId = z
  .string()
  .regex(/^m[0-9a-f]{12}$/, "An id looks like m4f1c09ab33e2; recall gives them.");

export const forget = (deps: { readonly memories: Pick<MemoryStore, "forget"> }) =>
  defineTool({
    name: "forget",
    description:
      "Forget one fact about the person who asks, by its id. Only when they ask for it. Everything at once is theirs alone to forget, by /memory forget-all.",
    label: "Forgetting",
    effect: "write",
    timeoutMs: 10_000,
    input: z.object({ id: factId }),
    explain: ({ id }) => ({ what: "Forget a memory", target: id, reversible: true }),
    async run({ id }, { scope }) {
      const forgotten = await deps.memories.forget(scope, id);
      return forgotten
        ? { text: `Forgotten: ${forgotten.text}` }
        : { text: NO_SUCH_FACT, isError: true };
    },
  });

export const NO_SUCH_FACT = "This person has no memory with that id that may be touched here.";

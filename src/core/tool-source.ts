import type { ToolSpec } from "./model.ts";
import type { Scope } from "./principal.ts";
import type { Tool } from "./tool.ts";

/** Tools that come and go while she runs, and are not everybody's. */
export interface ToolSource {
  /** What a turn in this scope may use now. Waits for nothing but the store: what is not ready yet is told in `note`. */
  readonly toolsFor: (scope: Scope) => OfferedTools | Promise<OfferedTools>;
}

export interface OfferedTools {
  readonly tools: readonly Tool[];
  /** What a model is told of them, one for each, in the same order every time. */
  readonly specs: readonly ToolSpec[];
  /** For the model: what is wanted here and cannot be used at the moment; null when nothing is. */
  readonly note: string | null;
}

export const NO_TOOLS: OfferedTools = { tools: [], specs: [], note: null };

/** The tools of all sources, in their order. */
export const together = (sources: readonly ToolSource[]): ToolSource => ({
  async toolsFor(scope) {
    const all = await Promise.all(sources.map(async (source) => source.toolsFor(scope)));
    const notes = all.flatMap(({ note }) => note ?? []);
    return {
      tools: all.flatMap(({ tools }) => tools),
      specs: all.flatMap(({ specs }) => specs),
      note: notes.length === 0 ? null : notes.join("\n"),
    };
  },
});

import type { Audit } from "../../core/approvals.ts";
import type { Clock } from "../../core/clock.ts";
import type { MemoryStore } from "../../core/memory.ts";
import type { Recall } from "../../core/recall.ts";
import type { Transcript } from "../../core/stores.ts";
import type { Tool } from "../../core/tool.ts";
import { correct } from "./correct.ts";
import { forget } from "./forget.ts";
import { recallTool } from "./recall.ts";
import { remember } from "./remember.ts";

export interface MemoryToolDeps {
  readonly memories: MemoryStore;
  readonly recall: Recall;
  readonly transcript: Transcript;
  readonly audit: Pick<Audit, "taintsOf">;
  readonly clock: Clock;
}

/** What the model can do with the memory of the person who asks, and of nobody else. */
export const memoryTools = (deps: MemoryToolDeps): readonly Tool[] => [
  remember(deps),
  recallTool(deps),
  forget(deps),
  correct(deps),
];

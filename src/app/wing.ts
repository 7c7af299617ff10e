import type { Service } from "../core/service.ts";
import type { Tool } from "../core/tool.ts";

/** A part of the house that lives. */
export interface Wing {
  readonly services: readonly Service[];
  /** All that she can do, as it is wired. */
  readonly tools: readonly Tool[];
}

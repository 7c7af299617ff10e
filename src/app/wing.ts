import type { Service } from "../core/service.ts";
import type { Tool } from "../core/tool.ts";
import type { Door } from "../mcp/serve/door.ts";

/** A part of the house that lives. */
export interface Wing {
  readonly services: readonly Service[];
  /** All that she can do, as it is wired. */
  readonly tools: readonly Tool[];
  /** Where people's own programs come in, where there is such a door. */
  readonly openDoor?: () => Promise<Door>;
}

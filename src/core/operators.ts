import type { Principal } from "./principal.ts";

/** Who runs this Clara: asked when something is to be done, never remembered with it. */
export interface Operators {
  /** False as well while it cannot be known. */
  readonly isOperator: (principal: Principal, signal: AbortSignal) => Promise<boolean>;
}

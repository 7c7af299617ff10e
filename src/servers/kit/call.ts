import type { ServerContext } from "@modelcontextprotocol/server";
import type { Logger } from "pino";
import type { TenantId } from "./tenant.ts";

/** What comes with one call of a tool, a resource or a prompt. */
export interface Call {
  readonly tenant: TenantId;
  /** Fires when the caller gives up. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Tells a caller who wants to know how far it is; others hear nothing. */
  readonly progress: (done: number, total: number, words?: string) => Promise<void>;
  /** The protocol itself, for what the kit has no word for. */
  readonly protocol: ServerContext;
}

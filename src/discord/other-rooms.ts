import type { Backups } from "../core/backup.ts";
import type { GoogleConnection } from "../core/google.ts";
import type { McpDesk } from "../core/mcp-desk.ts";

/** What has commands of its own where it is switched on. */
export interface OtherRooms {
  /** People's own Google. */
  readonly google?: GoogleConnection | null;
  /** Servers that bring more tools. */
  readonly mcp?: McpDesk | null;
  /** Copies of everything. */
  readonly backups?: Backups | null;
}

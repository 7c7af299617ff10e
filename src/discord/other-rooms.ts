import type { Backups } from "../core/backup.ts";
import type { GoogleConnection } from "../core/google.ts";
import type { SandboxDesk } from "../core/sandbox.ts";
import type { EmailDeps } from "./commands/email-words.ts";
import type { McpDesk } from "../core/mcp-desk.ts";

/** What has commands of its own where it is switched on. */
export interface OtherRooms {
  /** People's own Google. */
  readonly google?: GoogleConnection | null;
  /** Servers that bring more tools. */
  readonly mcp?: McpDesk | null;
  /** Where code runs. */
  readonly sandbox?: SandboxDesk | null;
  /** People's mailboxes. */
  readonly email?: EmailDeps | null;
  /** Copies of everything. */
  readonly backups?: Backups | null;
}

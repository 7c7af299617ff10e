import type { McpServerId, UserId } from "./ids.ts";
import type { McpOwner, McpTool, McpToolSeen, NewMcpServer } from "./mcp.ts";
import type { Scope } from "./principal.ts";
import type { ToolOutput } from "./tool.ts";

/** What whoever runs the servers tells and does, beside what the rows say. */
export interface McpControl {
  /** As it runs in this process. */
  readonly look: (id: McpServerId) => Promise<McpLook>;
  /** Asks for its tools anew where it runs; what is new or changed waits for approval. False when it does not run here. */
  readonly refresh: (id: McpServerId) => Promise<boolean>;
  /** Looks at the rows at once instead of at the next turn of the clock. */
  readonly poke: () => void;
  /** Somebody has signed in, or out: the connection with his credentials is begun anew. */
  readonly signedIn: (id: McpServerId, holder: McpOwner) => void;
  /** Starts it once without keeping it, for the preview before an install. Throws McpProblem. */
  readonly tryOut: (
    server: NewMcpServer,
    secrets: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ) => Promise<McpTrial>;
}

export interface McpLook {
  /** Of the programs that run: none for a server on the web, and where another process runs it. */
  readonly pids: readonly number[];
  /** Of all its processes together; null when none runs. */
  readonly memoryBytes: number | null;
  /** The newest lines that it wrote to its error output or logged, cleaned, oldest first. */
  readonly lines: readonly string[];
  /** As it was agreed on, for example `2026-07-28`; null when nothing is connected. */
  readonly protocolVersion: string | null;
  /** Starts within the last hour, the first one included. */
  readonly startsInLastHour: number;
}

/** What a server showed when it was tried. Nothing of it is stored. */
export interface McpTrial {
  readonly serverName: string | null;
  readonly serverVersion: string | null;
  readonly protocolVersion: string;
  readonly tools: readonly McpToolShown[];
  /** Tools that were left out, a line each, with why. */
  readonly left: readonly string[];
  readonly prompts: number;
  readonly hasResources: boolean;
}

/** A tool as a person is shown it. */
export interface McpToolShown {
  readonly tool: McpToolSeen;
  /** What a person should look at twice, in words, for example that its name looks like that of another. */
  readonly marks: readonly string[];
  /** Why it cannot be offered, whoever agrees to it; null when it can. */
  readonly problem: string | null;
}

/** What is agreed to of servers' tools. */
export interface McpReview {
  /** All tools that it listed the last time. */
  readonly tools: (id: McpServerId) => Promise<readonly McpToolReview[]>;
  /** Agrees to what was shown; what has changed since is left out. Gives how many were agreed to. */
  readonly approve: (
    id: McpServerId,
    by: UserId,
    tools: readonly Pick<McpTool, "name" | "hash">[],
  ) => Promise<number>;
  /** Agrees to all that it lists now; right after an install to what the trial showed, and to nothing else. */
  readonly approveAll: (id: McpServerId, by: UserId, tried?: McpTrial) => Promise<number>;
}

export interface McpToolReview extends McpToolShown {
  /** new: nobody has agreed to it yet. changed: it is not what was agreed to. Neither is offered. */
  readonly state: "approved" | "new" | "changed" | "unusable";
  /** What has changed since, one line each, `- ` and `+ ` before what was and what is; empty unless changed. */
  readonly difference: readonly string[];
}

/** Texts that servers keep ready for people. */
export interface McpPrompts {
  /** Of the servers that are ready and may be used in this scope. */
  readonly list: (scope: Scope) => readonly McpPrompt[];
  /** Throws McpProblem. */
  readonly get: (
    scope: Scope,
    id: McpServerId,
    name: string,
    values: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<ToolOutput>;
}

export interface McpPrompt {
  readonly serverId: McpServerId;
  readonly serverName: string;
  readonly name: string;
  readonly description: string;
  readonly values: readonly McpPromptValue[];
}

export interface McpPromptValue {
  readonly name: string;
  readonly description: string;
  readonly isRequired: boolean;
}

/** `message` is for people and models: what happened and what to do, without secrets. */
export class McpProblem extends Error {
  override readonly name = "McpProblem";
  readonly kind: McpProblemKind;

  constructor(kind: McpProblemKind, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

/**
 * cannot-start: its program or address does not work. silent: it did not answer in time. broken: it does not keep to the
 * protocol, or over a limit. needs-sign-in: somebody has to. gone: it is off or removed.
 */
export type McpProblemKind =
  | "cannot-start"
  | "silent"
  | "broken"
  | "needs-sign-in"
  | "refused"
  | "gone";

import type { McpServer, McpServerOptions } from "@modelcontextprotocol/server";
import type { Prompt } from "./prompt.ts";
import type { Resource } from "./resource.ts";
import type { Tool } from "./tool.ts";

/** What `/health` tells of one thing that the server needs. */
export interface Health {
  readonly name: string;
  readonly isWell: boolean;
  /** For whoever runs it; nothing secret. */
  readonly words: string;
}

/** All of an MCP server, apart from how it is reached. */
export interface ServerDefinition {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  /** What a model should know before it uses the tools. */
  readonly instructions: string;
  readonly tools: readonly Tool[];
  readonly resources: readonly Resource[];
  readonly prompts: readonly Prompt[];
  /** Every tool takes `user_id`, as some of the original servers did. */
  readonly takesUserId: boolean;
  /** For what the kit has no word for. */
  readonly extend?: {
    readonly options?: McpServerOptions;
    /** Called once for each connection. */
    readonly register?: (server: McpServer) => void;
  };
  readonly health: (signal: AbortSignal) => Promise<readonly Health[]>;
}

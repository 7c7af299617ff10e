import type {
  CallToolResult,
  GetPromptResult,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplateType,
  Tool as ListedTool,
} from "@modelcontextprotocol/client";
import type { McpProblem } from "../core/mcp-control.ts";
import type { ToolContext } from "../core/tool.ts";

/** What a server said of itself when it was connected. */
export interface ServerFacts {
  readonly name: string | null;
  readonly version: string | null;
  readonly protocolVersion: string;
  /** It speaks a revision from before 2026-07-28. */
  readonly isOld: boolean;
  readonly hasTools: boolean;
  readonly hasPrompts: boolean;
  readonly hasResources: boolean;
}

/** A tool as it was listed, with what the library needs of it. */
export type ListedDefinition = Pick<ListedTool, "name" | "inputSchema" | "outputSchema">;

/** One server that is connected, with one owner's credentials. Everything rejects with McpProblem, or the signal's reason. */
export interface Connection extends AsyncDisposable {
  readonly facts: ServerFacts;
  /** Of its program; null for a server on the web. */
  readonly pid: number | null;
  /** What it says beside its messages. */
  readonly lines: () => readonly string[];
  /** Resolves when it has ended by itself, with why. */
  readonly ended: Promise<McpProblem>;
  /** Asks for all pages. */
  readonly listTools: (signal: AbortSignal) => Promise<readonly ListedTool[]>;
  readonly call: (
    tool: ListedDefinition,
    input: Readonly<Record<string, unknown>>,
    context: ToolContext,
  ) => Promise<CallToolResult>;
  readonly listPrompts: (signal: AbortSignal) => Promise<readonly Prompt[]>;
  readonly getPrompt: (
    name: string,
    values: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<GetPromptResult>;
  readonly listResources: (signal: AbortSignal) => Promise<readonly Resource[]>;
  readonly listTemplates: (signal: AbortSignal) => Promise<readonly ResourceTemplateType[]>;
  /** From now on it is told when this one changes, where the server can. */
  readonly readResource: (uri: string, signal: AbortSignal) => Promise<ReadResourceResult>;
  /** Resources that were read and have changed since. */
  readonly changedResources: () => readonly string[];
  /** Resolves when it has answered. */
  readonly ping: (signal: AbortSignal) => Promise<void>;
  /** How many calls run on it. */
  readonly running: () => number;
}

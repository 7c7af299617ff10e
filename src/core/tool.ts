import type { z } from "zod";
import type { ConversationId } from "./ids.ts";
import type { Scope } from "./principal.ts";

export interface ToolContext {
  readonly scope: Scope;
  readonly conversationId: ConversationId;
  readonly signal: AbortSignal;
}

export interface ToolOutput {
  readonly text: string;
  readonly isError?: boolean;
}

/**
 * read: repeated freely after a crash, may run in parallel.
 * write: changes something of ours. outside: changes something in the world. Neither is ever repeated by itself.
 */
export type ToolEffect = "read" | "write" | "outside";

export interface Tool<Input = unknown> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType<Input>;
  readonly effect: ToolEffect;
  readonly timeoutMs: number;
  /** What a person sees while it runs, for example "Looking through this conversation". */
  readonly label: string;
  readonly run: (input: Input, context: ToolContext) => Promise<ToolOutput>;
}

/** The identity function with types: `run` receives what `input` parsed. */
export const defineTool = <Input>(tool: Tool<Input>): Tool =>
  // The loop parses with `tool.input` before it calls `run`, so the input has the type that run wants.
  tool as unknown as Tool;

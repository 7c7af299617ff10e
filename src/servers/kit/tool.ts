import type { CallToolResult } from "@modelcontextprotocol/server";
import type { z } from "zod";
import type { Call } from "./call.ts";

/** What a tool does to the world outside. */
export type Effect = "read" | "create" | "update" | "delete";

export interface ToolAnswer<Data> {
  /** Checked against `output`, then given out as structured content. */
  readonly data: Data;
  /** The same for people, in short Markdown. The data as JSON when left out. */
  readonly text?: string;
  /** Pictures, links and the like, after the text. */
  readonly content?: CallToolResult["content"];
}

export interface ToolDeclaration<In extends z.ZodObject, Out extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: In;
  readonly output: Out;
  readonly effect: Effect;
  /** The same call again changes nothing more. Reads are; others say so. */
  readonly idempotent?: boolean;
  /** Overwrites or removes what was there. Updates and deletes are unless they say no. */
  readonly destructive?: boolean;
  /** Throws Failure for whatever the model has to know. */
  run(input: z.output<In>, call: Call): Promise<ToolAnswer<z.input<Out>>>;
}

/** A tool whose types are known to itself only. */
export type Tool = ToolDeclaration<z.ZodObject, z.ZodObject>;

/** Describes a tool: the identity function with types. */
export const defineTool = <In extends z.ZodObject, Out extends z.ZodObject>(
  tool: ToolDeclaration<In, Out>,
): Tool => tool;

import type { GetPromptResult } from "@modelcontextprotocol/server";
import type { z } from "zod";
import type { Call } from "./call.ts";

export interface PromptDeclaration<Args extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Texts only: that is what the protocol carries. */
  readonly args: Args;
  /** What a person may mean who has typed the beginning of an argument. */
  complete?(name: string, typed: string): Promise<readonly string[]>;
  /** What the person says to the model; or whole messages. */
  run(args: z.output<Args>, call: Call): Promise<string | GetPromptResult["messages"]>;
}

export type Prompt = PromptDeclaration<z.ZodObject>;

/** Describes a prompt that a person picks from a menu. */
export const definePrompt = <Args extends z.ZodObject>(prompt: PromptDeclaration<Args>): Prompt =>
  prompt;

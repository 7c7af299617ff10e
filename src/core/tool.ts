import type { z } from "zod";
import type { ConversationId, TurnId } from "./ids.ts";
import type { Scope } from "./principal.ts";
import type { Taint } from "./taint.ts";

export interface ToolContext {
  readonly scope: Scope;
  readonly conversationId: ConversationId;
  /** The turn that makes the call; none where a tool is tried by itself. */
  readonly turnId?: TurnId;
  readonly signal: AbortSignal;
  /** Whose words the turn has read until now; where a tool is tried by itself, nobody's. */
  readonly taints?: () => Promise<readonly Taint[]>;
  /** Tells whoever waits what a long call is doing now, in a few words. */
  readonly progress?: (label: string) => void;
}

export interface ToolOutput {
  readonly text: string;
  readonly isError?: boolean;
  /** Where the words of `text` came from, when others wrote them. */
  readonly taints?: readonly Taint[];
  /** Shown to people with the answer. */
  readonly files?: readonly ToolFile[];
  /** Links that may be shown as links: where the words came from. */
  readonly sources?: readonly string[];
  /** Addresses that `text` holds, letter by letter as others wrote them: from now on they may be opened. */
  readonly links?: readonly string[];
}

export interface ToolFile {
  readonly name: string;
  readonly contentType: string;
  readonly content: Uint8Array;
  /** Its id in the file store, when it is kept there already. */
  readonly keptId?: string;
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
  /**
   * Of a write: what it changes can reach nobody, and it tells by `taints` what comes out again. It runs without a click
   * also when the turn has read what others wrote.
   */
  readonly isContained?: boolean;
  /** Who wrote its name and description, when they are not ours and nobody here has approved them: they can speak to the model, too. */
  readonly describedBy?: Taint;
  readonly timeoutMs: number;
  /** What a person sees while it runs, for example "Looking through this conversation". */
  readonly label: string;
  /** Words for those who may not use it at all, before anybody is asked about a call; null for all others. */
  readonly refuses?: (scope: Scope) => string | null;
  /** What a call costs whoever runs her, in words, for example "about $0.04": on the card, and told to the model. */
  readonly cost?: string;
  /** What approving a call means, in plain words for the person who is asked; without it the frame tells name and arguments. */
  readonly explain?: (input: Input) => Explanation;
  /** Of a read: the addresses that a call opens. What stands in them leaves the house. */
  readonly opens?: (input: Input) => readonly string[];
  readonly run: (input: Input, context: ToolContext) => Promise<ToolOutput>;
}

/** What people are told of a tool, and what rules go by. */
export type ToolFacts = Pick<Tool, "name" | "label" | "effect">;

/** For the card on which a person approves or denies a call. */
export interface Explanation {
  /** For example "Send an e-mail". */
  readonly what: string;
  /** Whom or what it touches, for example an address or a channel. */
  readonly target: string;
  readonly reversible: boolean;
}

/** The identity function with types: `run` receives what `input` parsed. */
export const defineTool = <Input>(tool: Tool<Input>): Tool =>
  // The loop parses with `tool.input` before it calls `run`, so the input has the type that run wants.
  tool as unknown as Tool;

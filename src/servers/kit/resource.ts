import type { z } from "zod";
import type { Call } from "./call.ts";

export interface ResourceAnswer {
  /** Given out as JSON. */
  readonly data?: unknown;
  readonly text?: string;
  /** Base64. */
  readonly blob?: string;
  /** When it is not what the declaration says. */
  readonly mimeType?: string;
}

export interface ListedResource {
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
}

export interface ResourceDeclaration<Params extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** With `{name}` in it, it is a template, and `params` says what may stand there. */
  readonly uri: string;
  readonly params: Params;
  readonly mimeType: string;
  /** Some of what a template leads to, for callers that look around. */
  list?(call: Call): Promise<readonly ListedResource[]>;
  /** What a person may mean who has typed the beginning of a parameter. */
  complete?(param: string, typed: string): Promise<readonly string[]>;
  read(params: z.output<Params>, call: Call): Promise<ResourceAnswer>;
}

export type Resource = ResourceDeclaration<z.ZodObject>;

/** Describes a resource, or with a template in its URI a family of them. */
export const defineResource = <Params extends z.ZodObject>(
  resource: ResourceDeclaration<Params>,
): Resource => resource;

export const isTemplate = ({ uri }: Resource): boolean => uri.includes("{");

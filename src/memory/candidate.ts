import { z } from "zod";
import { FACT_KINDS, type FactKind, type FactOrigin } from "../core/memory.ts";

/** Out of one turn; more than that is somebody's life story, or somebody's trick. */
export const MAX_CANDIDATES = 8;
const MAX_REPLACED = 4;

/** What may become a fact. */
export interface Candidate {
  readonly text: string;
  readonly kind: FactKind;
  readonly subject: string;
  readonly isKey: boolean;
  readonly confidence: number;
  readonly origin: FactOrigin;
  readonly replaces: readonly string[];
}

/** Loose in what it takes: a model's slip in one field is no reason to lose the fact. */
const said = z.looseObject({
  text: z.string().trim().min(1),
  kind: z.enum(FACT_KINDS).catch("other"),
  subject: z.string().trim().catch(""),
  key: z.boolean().catch(false),
  confidence: z.number().min(0).max(1).catch(0.7),
  replaces: z.array(z.string()).catch([]),
});

const answer = z.union([
  z.looseObject({ facts: z.array(z.unknown()) }).transform(({ facts }) => facts),
  z.array(z.unknown()),
]);

/** What a model answered, as far as it is what was asked for; rubbish is nothing. */
export function readCandidates(text: string): readonly Candidate[] {
  const parsed = answer.safeParse(jsonIn(text));
  if (!parsed.success) return [];
  return parsed.data
    .flatMap((each) => {
      const fact = said.safeParse(each);
      if (!fact.success) return [];
      const { key, replaces, ...rest } = fact.data;
      const { kind, subject, confidence } = rest;
      return [
        {
          text: rest.text,
          kind,
          subject,
          confidence,
          isKey: key,
          origin: "heard" as const,
          replaces: replaces.slice(0, MAX_REPLACED),
        },
      ];
    })
    .slice(0, MAX_CANDIDATES);
}

/** Models like to say something around their JSON, or put it into a code block. */
export function jsonIn(text: string): unknown {
  const from = text.search(/[{[]/);
  const to = Math.max(text.lastIndexOf("}"), text.lastIndexOf("]"));
  if (from === -1 || to < from) return null;
  try {
    return JSON.parse(text.slice(from, to + 1)) as unknown;
  } catch {
    return null; // No JSON, so no facts.
  }
}

import { z } from "zod";
import type { NewIntention } from "../core/intentions.ts";
import type { NewRelation } from "../core/graph.ts";
import { jsonIn, readCandidates, type Candidate } from "./candidate.ts";

/** Out of one turn. */
const MAX_INTENTIONS = 2;
const MAX_RELATIONS = 8;
const DAY_MS = 86_400_000;
/** Without an end, a question is of interest for so long. */
const DEFAULT_WINDOW_MS = 3 * DAY_MS;
const MAX_WINDOW_MS = 31 * DAY_MS;
/** Nobody is asked about what lies further ahead. */
const MAX_AHEAD_MS = 400 * DAY_MS;

/** What a model found in what was said. */
export interface Extracted {
  readonly facts: readonly Candidate[];
  readonly intentions: readonly Omit<NewIntention, "sources">[];
  readonly relations: readonly Omit<NewRelation, "sources" | "validFrom">[];
}

export const NOTHING_EXTRACTED: Extracted = { facts: [], intentions: [], relations: [] };

const answer = z.looseObject({
  intentions: z.array(z.unknown()).catch([]),
  relations: z.array(z.unknown()).catch([]),
});

/** Piece by piece: what is not what was asked for is left out, and the rest is kept. */
export function readExtracted(text: string, now: Date): Extracted {
  const parsed = answer.safeParse(jsonIn(text));
  const { intentions, relations } = parsed.success
    ? parsed.data
    : { intentions: [], relations: [] };
  return {
    facts: readCandidates(text),
    intentions: intentions.flatMap((each) => toIntention(each, now)).slice(0, MAX_INTENTIONS),
    relations: relations.flatMap(toRelation).slice(0, MAX_RELATIONS),
  };
}

/** `2026-11-27`, or with a time. */
const date = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);
const intended = z.looseObject({
  text: z.string().trim().min(3).max(400),
  from: date,
  until: date.nullish().catch(null),
});

function toIntention(given: unknown, now: Date): Extracted["intentions"] {
  const read = intended.safeParse(given);
  if (!read.success) return [];
  const { text, from, until } = read.data;
  const dueFrom = new Date(from);
  const end = until ? endOf(until) : dueFrom.getTime() + DEFAULT_WINDOW_MS;
  const dueTo = new Date(Math.min(end, dueFrom.getTime() + MAX_WINDOW_MS));
  const isSane = dueTo > dueFrom && dueTo > now && dueFrom.getTime() < now.getTime() + MAX_AHEAD_MS;
  return isSane ? [{ text, dueFrom, dueTo }] : [];
}

/** A day ends with its last hour. */
const endOf = (until: string): number =>
  new Date(until).getTime() + (until.includes("T") ? 0 : DAY_MS);

const name = z.string().trim().max(80);
const related = z.looseObject({
  from: name.catch(""),
  type: z.string().trim().min(2).max(40),
  to: name.min(1),
  holds: z.boolean().catch(true),
});

function toRelation(given: unknown): Extracted["relations"] {
  const read = related.safeParse(given);
  if (!read.success) return [];
  const { from, type, to, holds } = read.data;
  return from === to ? [] : [{ from, type, to, holds }];
}

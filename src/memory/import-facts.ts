import type { Learned, NewFact, Refused } from "../core/memory.ts";
import type { ImportedFact, ReadImport } from "./read-import.ts";

/** Somebody wrote them down once; nobody has said them here. */
const IMPORTED_CONFIDENCE = 0.9;

export const toNewFacts = (facts: readonly ImportedFact[], now: Date): readonly NewFact[] =>
  facts.map(({ text, kind, subject, isKey, validFrom }) => ({
    text,
    kind,
    subject,
    isKey,
    confidence: IMPORTED_CONFIDENCE,
    origin: "imported",
    validFrom: validFrom === null ? now : new Date(validFrom),
    sources: [],
    conversationId: null,
    replaces: [],
    sameAs: null,
  }));

export interface ImportCounts {
  readonly added: number;
  /** Known before, or twice in the file. */
  readonly known: number;
  readonly refused: readonly Refused[];
}

export function countImport(learned: readonly Learned[]): ImportCounts {
  const refused = learned.flatMap((each) => (each.kind === "refused" ? [each.because] : []));
  const known = learned.filter(({ kind }) => kind === "known").length;
  return { added: learned.length - known - refused.length, known, refused };
}

/** What would come of an import, a line each, for the one who wants it. */
export function importWords(
  { form, left }: Extract<ReadImport, { kind: "read" }>,
  { added, known, refused }: ImportCounts,
): string {
  const reasons = [...new Set(refused)].map(
    (because) => `${refused.filter((each) => each === because).length} ${WHY[because]}`,
  );
  const lines = [
    `**From ${FORMS[form]}**`,
    `- ${added} new`,
    `- ${known} known before, or twice in the file`,
    ...reasons.map((reason) => `- refused: ${reason}`),
    ...(left.others > 0 ? [`- left out: ${left.others} of somebody else`] : []),
    ...(left.ended > 0 ? [`- left out: ${left.ended} that hold no longer`] : []),
    ...(left.empty > 0 ? [`- left out: ${left.empty} without words that I can read`] : []),
    ...(left.tooMany > 0
      ? [`- left out: ${left.tooMany} more than one import takes. Split the file.`]
      : []),
  ];
  return lines.join("\n");
}

const FORMS = {
  clara: "an export of mine",
  mem0: "an export of mem0",
  vectors: "a dump of a vector store",
  lines: "a list",
} as const;

const WHY: Readonly<Record<Refused, string>> = {
  paused: "since your memory is paused (`/memory resume`)",
  off: "since your memory is off (`/memory resume`)",
  never: "that touch what you never want learnt (`/memory never`)",
  full: "since I remember as much of you as I can",
  empty: "without words",
  unlearnt: "that you had me forget",
  secret: "with a password, a PIN or a key in it",
};

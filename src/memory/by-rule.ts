import type { FactKind } from "../core/memory.ts";
import { MAX_CANDIDATES, type Candidate } from "./candidate.ts";

const ASKED_FOR =
  /^(?:(?:please|hey|ok(?:ay)?|clara)[,:!]?\s+)*(?:(?:please|also)\s+)?(?:remember|note|don['’]t forget|keep in mind)(?:\s+(?:that|this))?[\s:,]+(?!to\b)(.{3,})$/isu;
const INTRODUCED =
  /^(?:(?:hi|hello|hey)[,!.]?\s+)?((?:my name is|call me|i am called|i['’]m called)\s+.{1,60})$/isu;

/** Without a model: what a person asks to be remembered in so many words, and by what name to be called. */
export function candidatesByRule(said: string): readonly Candidate[] {
  return said
    .split(/(?<=[.!?])\s+|\n+/u)
    .flatMap((sentence) => {
      const text = (ASKED_FOR.exec(sentence.trim()) ?? INTRODUCED.exec(sentence.trim()))?.[1];
      return text === undefined || /\?\s*$/.test(sentence) ? [] : [toCandidate(text.trim())];
    })
    .slice(0, MAX_CANDIDATES);
}

const toCandidate = (text: string): Candidate => {
  const kind = kindOf(text);
  return {
    text: `${text.charAt(0).toUpperCase()}${text.slice(1)}`,
    kind,
    subject: "",
    isKey: /\b(?:my name|call me|called|allergic)\b/iu.test(text),
    confidence: 0.9,
    origin: "told",
    replaces: [],
  };
};

const KINDS: readonly (readonly [RegExp, FactKind])[] = [
  [
    /^(?:always|never|please|answer|reply|speak|write|call me|use|don['’]t|do not)\b/iu,
    "instruction",
  ],
  [
    /\b(?:like|love|prefer|hate|dislike|favou?rite|vegetarian|vegan|allergic|can['’]t stand|enjoy)\b/iu,
    "preference",
  ],
  [
    /\b(?:tomorrow|next (?:week|month|year)|going to|will|plan(?:s|ning)?|appointment|exam|deadline)\b/iu,
    "plan",
  ],
  [/\b(?:project|working on|building|repo(?:sitory)?|thesis)\b/iu, "project"],
  [/\b(?:live[sd]?|living|moved?|address|city|town|country|from)\b/iu, "place"],
  [
    /\b(?:my (?:name|wife|husband|partner|son|daughter|mother|father|mum|mom|dad|brother|sister|boss|friend|birthday))\b/iu,
    "person",
  ],
];

/** A guess by its words, for facts that come without a kind. */
export const kindOf = (text: string): FactKind =>
  KINDS.find(([pattern]) => pattern.test(text))?.[1] ?? "other";

import type { TurnId } from "../../core/ids.ts";
import type { Fact } from "../../core/memory.ts";
import type { RecallNote, RecallSource } from "../../core/recall.ts";
import type { Scope } from "../../core/principal.ts";
import { factSelect } from "../commands/memory-list.ts";
import { originOf, sourceUrls } from "../commands/memory-words.ts";
import type { Reply } from "../commands/reply.ts";
import { toPlain } from "../plain.ts";
import { counted, moment } from "./figures.ts";

/** Of more it is said how many. */
const MAX_LISTED = 12;
const MAX_TEXT_CHARS = 200;

/**
 * The memories that went into an answer, each with why, when and where it was learnt: for whoever asked that question,
 * and as far as they may be read where he asks now. null for everybody else, and when there were none.
 */
export async function explainMemories(
  { recall }: { readonly recall: Pick<RecallSource, "noted" | "facts"> },
  scope: Scope,
  turnId: TurnId,
): Promise<Reply | null> {
  const noted = await recall.noted(scope, turnId);
  if (!noted) return null;
  const found = await recall.facts(scope, noted.facts);
  const facts = noted.facts.flatMap((id) => found.find((fact) => fact.id === id) ?? []);
  const lines = [
    ...facts.slice(0, MAX_LISTED).map((fact) => toLine(fact, scope)),
    ...restOf(noted, facts),
  ];
  if (lines.length === 0) return null;
  const own = facts.filter(({ ownerId }) => ownerId === scope.principal.userId);
  return {
    text: ["**Memories that went into it**", ...lines.map((line) => `- ${line}`)].join("\n"),
    ...(own.length > 0 && { rows: [[factSelect(own)]] }),
  };
}

function toLine(fact: Fact, { principal }: Scope): string {
  const text = Array.from(toPlain(fact.text)).slice(0, MAX_TEXT_CHARS).join("");
  const who = fact.ownerId === principal.userId ? "" : ` from ${toPlain(fact.ownerName)}`;
  const isAlways = fact.isPinned || fact.kind === "preference" || fact.kind === "instruction";
  const [url] = sourceUrls(fact);
  return [
    `${text}`,
    `${originOf(fact)}${who} ${moment(fact.createdAt, "D")}`,
    ...(isAlways ? ["always at hand"] : []),
    ...(url === undefined ? [] : [`[where](${url})`]),
  ].join(" · ");
}

function restOf({ facts: given, messages, state }: RecallNote, facts: readonly Fact[]): string[] {
  const more = facts.length - MAX_LISTED;
  const gone = given.length - facts.length;
  return [
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(gone > 0 ? [`${counted(gone, "memory", "memories")} that changed or went since`] : []),
    ...(messages.length > 0
      ? [`${counted(messages.length, "line")} that were said here earlier`]
      : []),
    ...(state === "late" ? ["my memory did not answer in time"] : []),
    ...(state === "failed" ? ["my memory failed"] : []),
    ...(state === "off" ? ["your memory is switched off: nothing was used"] : []),
  ];
}

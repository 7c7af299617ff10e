import type { ApprovalChoice, Decided } from "./approvals.ts";

/** `/approve`, `/approve ID`, `/approve ID always`, `/approve conversation`, `/deny ID`: where there are no buttons. */
const TYPED = /^\/(approve|deny)(?:\s+([0-9a-f]{16}))?(?:\s+(once|conversation|always))?\s*$/i;

export interface TypedDecision {
  /** null for the newest call that waits. */
  readonly id: string | null;
  readonly choice: ApprovalChoice;
}

/** null when the line is no decision. */
export function readDecision(line: string): TypedDecision | null {
  const [, verb, id, more = "once"] = TYPED.exec(line.trim()) ?? [];
  if (verb === undefined) return null;
  const choice = verb.toLowerCase() === "deny" ? "deny" : (more.toLowerCase() as ApprovalChoice);
  return { id: id?.toLowerCase() ?? null, choice };
}

/** Why nothing came of it, for the person who typed it. */
export function whyUndecided({ kind }: Exclude<Decided, { kind: "decided" }>): string {
  switch (kind) {
    case "settled":
      return "That was decided already.";
    case "expired":
      return "That is too old, or the question was changed meanwhile: nothing was done. Please ask again.";
    case "not-yours":
      return "Only who asked for it can decide that.";
    case "unknown":
      return "Nothing of that name waits for a decision here.";
  }
}

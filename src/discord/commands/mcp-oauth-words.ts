import { safe } from "./mcp-words.ts";

export const NOT_YOURS = "Its sign-in is its owner's: who manages the server signs in for all.";
const NOT_WANTED = "It wants no sign-in.";

type Problem =
  | { readonly kind: "not-yours" }
  | { readonly kind: "not-wanted" }
  | { readonly kind: "failed"; readonly says: string };

export function problemWords(problem: Problem): string {
  if (problem.kind === "failed") return safe(problem.says);
  return problem.kind === "not-yours" ? NOT_YOURS : NOT_WANTED;
}

import type { SkillText } from "../lib/skill-text.ts";
import type { Scope } from "./principal.ts";

/** Skills that one person may keep. */
export const MAX_OWN_SKILLS = 20;
export const MAX_INSTRUCTION_CHARS = 20_000;

/** What a person has written down of how things are to be done: known and used in that person's turns alone. */
export interface OwnSkills {
  /** The principal's own, by name. */
  readonly list: (scope: Scope) => Promise<readonly SkillText[]>;
  /** Takes the place of one of the same name. "full": there are as many as one may keep. */
  readonly save: (scope: Scope, skill: SkillText) => Promise<"saved" | "full">;
  /** False when there is none of that name. */
  readonly remove: (scope: Scope, name: string) => Promise<boolean>;
}

import type { Entity } from "../entities/entity.ts";
import type { CheckRules } from "../templates/check.ts";

/** What the checks of a template have to know of an entity. */
export const rulesOf = ({ fields, lengths, template }: Entity): CheckRules => ({
  minimum: template?.minimum ?? [],
  writable: Object.keys(fields),
  lengths,
});

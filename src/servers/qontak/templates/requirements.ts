import type { TemplateField } from "./field.ts";
import { isSettableType } from "./value.ts";

/** Where a record is, or will be. null: nowhere that matters. */
export interface Place {
  readonly pipelineId: number | null;
  readonly stageId: number | null;
}

export const NOWHERE: Place = { pipelineId: null, stageId: null };

export type Reason = "always" | "pipeline" | "stage" | "qontak";

/** What an entity knows of its own fields. */
export interface WriteRules {
  /** Never left out, though no template says so. */
  readonly minimum: readonly string[];
  /** Standard fields that its tools take, by the names of writes. */
  readonly writable: readonly string[];
}

export interface Requirement {
  readonly field: TemplateField;
  /** null: may be left out. */
  readonly reason: Reason | null;
  /** False for what only Qontak's own apps can set. */
  readonly isSettable: boolean;
}

/** Qontak fills it with the account that signed in. */
const FILLED_BY_ITSELF: readonly string[] = ["creator_id"];

/** Each field that is shown in that place, and whether it must be filled there. */
export const requirementsAt = (
  fields: readonly TemplateField[],
  place: Place,
  rules: WriteRules,
): readonly Requirement[] =>
  fields
    .filter((field) => isShown(field, place))
    .map((field) => ({
      field,
      reason: reasonFor(field, place, rules),
      isSettable: isSettable(field, rules),
    }));

function reasonFor(field: TemplateField, place: Place, { minimum }: WriteRules): Reason | null {
  if (!field.isCustom && FILLED_BY_ITSELF.includes(field.writeName)) return null;
  if (field.isRequired) return "always";
  if (place.pipelineId !== null && field.requiredPipelines.includes(place.pipelineId))
    return "pipeline";
  if (place.stageId !== null && field.requiredStages.includes(place.stageId)) return "stage";
  return !field.isCustom && minimum.includes(field.writeName) ? "qontak" : null;
}

/** A field that is hidden in a pipeline cannot be wanted there. */
const isShown = ({ shownPipelines }: TemplateField, { pipelineId }: Place): boolean =>
  pipelineId === null || shownPipelines.length === 0 || shownPipelines.includes(pipelineId);

const isSettable = (field: TemplateField, { writable }: WriteRules): boolean =>
  field.isCustom
    ? field.id !== null && isSettableType(field.type)
    : writable.includes(field.writeName);

import type { Call } from "../../kit/call.ts";
import type { Row } from "../api/wire.ts";
import type { QontakDeps } from "../deps.ts";
import { needRequired, withWords, type Said } from "../draft.ts";
import type { Entity, TemplateRules } from "../entities/entity.ts";
import type { CustomFieldGiven } from "../templates/custom-fields.ts";
import { NOWHERE, type Place } from "../templates/requirements.ts";
import { rulesOf } from "./rules.ts";

/** What is sent for what was said: checked by the template, in Qontak's own words. `current` is null for a new record. */
export async function bodyFor(
  deps: QontakDeps,
  entity: Entity,
  said: Said,
  current: Row | null,
  call: Call,
): Promise<Row> {
  const { body, custom } = entity.template
    ? await checked(deps, entity, entity.template, said, current, call)
    : { body: said.body, custom: said.custom.map(asGiven) };
  if (current === null) needRequired(entity, body);
  const prepared = entity.prepare ? await entity.prepare(deps, call, { body, current }) : body;
  return {
    ...keptOf(entity, current),
    ...prepared,
    ...(custom.length > 0 ? { additional_fields: custom } : {}),
  };
}

async function checked(
  deps: QontakDeps,
  entity: Entity,
  template: TemplateRules,
  said: Said,
  current: Row | null,
  call: Call,
) {
  const isMoving = current !== null && template.moves.some((name) => said.body[name] !== undefined);
  const isPlaced = current === null || isMoving;
  const place = isPlaced ? await placeOf(deps, template, said.body, current, call) : NOWHERE;
  return deps.templates.checked(call, entity.path, rulesOf(entity), (fields) => ({
    entity: entity.says,
    body: withWords(entity, said, fields),
    custom: said.custom,
    place,
    current,
    isMoving,
  }));
}

/** Where it will be: what is not said stays as it is. A stage says which pipeline it is of. */
function placeOf(
  deps: QontakDeps,
  { place, moves }: TemplateRules,
  body: Row,
  current: Row | null,
  call: Call,
): Promise<Place> {
  const held = moves.flatMap((name) =>
    current?.[name] === undefined || current[name] === null ? [] : [[name, current[name]] as const],
  );
  return place(deps, call, { ...Object.fromEntries(held), ...body });
}

const keptOf = ({ kept }: Entity, current: Row | null): Row =>
  Object.fromEntries(
    kept.flatMap((name) =>
      current?.[name] === undefined || current[name] === null ? [] : [[name, current[name]]],
    ),
  );

/** Products have no template: what is given goes as it is. */
const asGiven = ({ id, name, value }: CustomFieldGiven) => ({
  ...(id === undefined ? {} : { id }),
  ...(name === undefined ? {} : { name }),
  value: Array.isArray(value) ? value.join(",") : value === null ? "" : String(value),
});

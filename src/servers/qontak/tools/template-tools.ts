import { z } from "zod";
import type { Call } from "../../kit/call.ts";
import { defineTool, type Tool } from "../../kit/tool.ts";
import type { QontakDeps } from "../deps.ts";
import type { Entity, TemplateRules } from "../entities/entity.ts";
import { fieldOut, toFieldOut, type FieldOut } from "../templates/describe.ts";
import { NOWHERE, requirementsAt } from "../templates/requirements.ts";
import { rulesOf } from "./rules.ts";

const ids = z.array(z.int());
const templateField = fieldOut.extend({
  is_custom: z.boolean(),
  required_pipeline_ids: ids,
  required_stage_ids: ids,
  show_pipeline_ids: ids.describe("Empty: shown in all"),
});

/** get_<one>_template. */
export const templateTool = ({ templates }: QontakDeps, entity: Entity): Tool =>
  defineTool({
    name: `get_${entity.one}_template`,
    title: `Fields of a ${entity.says}`,
    description: `Every field that this company has for a ${entity.says}: types, options, and where it is required.`,
    effect: "read",
    input: z.object({}),
    output: z.object({ fields: z.array(templateField), total: z.int() }),
    async run(_given, call) {
      const rules = rulesOf(entity);
      const known = await templates.of(call, entity.path);
      const fields = requirementsAt(known, NOWHERE, rules).map((each) => ({
        ...toFieldOut(each, rules.lengths),
        is_custom: each.field.isCustom,
        required_pipeline_ids: [...each.field.requiredPipelines],
        required_stage_ids: [...each.field.requiredStages],
        show_pipeline_ids: [...each.field.shownPipelines],
      }));
      return { data: { fields, total: fields.length } };
    },
  });

const requiredOut = z.object({
  pipeline_id: z.int().nullable(),
  stage_id: z.int().nullable(),
  required_standard_fields: z.array(fieldOut),
  required_custom_fields: z.array(fieldOut),
  optional_standard_fields: z.array(fieldOut),
  optional_custom_fields: z.array(fieldOut),
  summary: z.object({
    total_fields: z.int(),
    total_required: z.int(),
    required_standard: z.array(z.string()),
    required_standard_count: z.int(),
    required_custom: z.array(z.string()),
    required_custom_count: z.int(),
    total_optional: z.int(),
    note: z.string(),
  }),
});

/** get_required_fields_for_<one>. */
export const requiredTool = (deps: QontakDeps, entity: Entity, template: TemplateRules): Tool =>
  defineTool({
    name: `get_required_fields_for_${entity.one}`,
    title: `What a ${entity.says} must have`,
    description: `Which fields must be filled before a ${entity.says} can be created${Object.keys(template.placeIn).length > 0 ? " there" : ""}, and which may be; with types, options and formats. Ask it before create_${entity.one}.`,
    effect: "read",
    input: z.object({ ...template.placeIn }),
    output: requiredOut,
    run: async (given, call) => {
      const data = await requiredAt(deps, entity, template, given, call);
      return { data, text: data.summary.note };
    },
  });

async function requiredAt(
  deps: QontakDeps,
  entity: Entity,
  template: TemplateRules,
  given: Readonly<Record<string, unknown>>,
  call: Call,
): Promise<z.output<typeof requiredOut>> {
  const rules = rulesOf(entity);
  const place = await template.place(deps, call, given);
  const found = requirementsAt(await deps.templates.of(call, entity.path), place, rules);
  const of = (isRequired: boolean, isCustom: boolean): FieldOut[] =>
    found
      .filter(
        ({ reason, field }) => (reason !== null) === isRequired && field.isCustom === isCustom,
      )
      .map((each) => toFieldOut(each, rules.lengths));
  const standard = of(true, false);
  const custom = of(true, true);
  const required = [...standard, ...custom];
  return {
    pipeline_id: place.pipelineId,
    stage_id: place.stageId,
    required_standard_fields: standard,
    required_custom_fields: custom,
    optional_standard_fields: of(false, false),
    optional_custom_fields: of(false, true),
    summary: {
      total_fields: found.length,
      total_required: required.length,
      required_standard: standard.map(({ write_name }) => write_name),
      required_standard_count: standard.length,
      required_custom: custom.map(({ name }) => name),
      required_custom_count: custom.length,
      total_optional: found.length - required.length,
      note: noteOn(entity, required),
    },
  };
}

function noteOn({ says, one }: Entity, required: readonly FieldOut[]): string {
  const names = required.map(({ write_name }) => write_name).join(", ");
  const byPeople = required.filter(({ is_settable }) => !is_settable);
  const more =
    byPeople.length > 0
      ? ` People have to fill in Qontak itself: ${byPeople.map(({ label }) => label).join(", ")}.`
      : "";
  return `A ${says} here must have: ${names || "nothing"}. Custom fields go into additional_fields of create_${one}.${more}`;
}

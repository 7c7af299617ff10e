import { z } from "zod";

/** One field of a form, as a company has set it up. */
export interface TemplateField {
  /** Of a custom field; null for a standard one. */
  readonly id: number | null;
  readonly name: string;
  /** Under which it is written: the template often calls it otherwise. */
  readonly writeName: string;
  /** What people see. */
  readonly label: string;
  readonly isCustom: boolean;
  /** Lower case: "dropdown select", "date", ... */
  readonly type: string;
  readonly options: readonly FieldOption[];
  /** False where options are mere words: then others may do, too. */
  readonly hasOptionIds: boolean;
  readonly isRequired: boolean;
  readonly requiredPipelines: readonly number[];
  readonly requiredStages: readonly number[];
  /** Empty: shown in all. */
  readonly shownPipelines: readonly number[];
}

export interface FieldOption {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
}

/** Standard fields whose name in a template is not the one that a write takes. */
const WRITE_NAMES: Readonly<Record<string, string>> = {
  crm_phones: "telephone",
  crm_contact: "crm_lead_ids",
  crm_company: "crm_company_id",
  crm_person: "crm_person_id",
  crm_deal: "crm_deal_id",
  crm_task_attachment: "attachment",
};

const number = z.coerce.number().int();
/** Lists that are null or hold nulls are as good as empty. */
const ids = z
  .array(z.unknown())
  .nullish()
  .catch(null)
  .transform((list) =>
    (list ?? []).flatMap((each) => {
      const id = number.safeParse(each);
      return each !== null && id.success ? [id.data] : [];
    }),
  );
const options = z
  .array(
    z.looseObject({
      id: z.union([z.string(), z.number()]).nullish(),
      name: z.union([z.string(), z.number()]).nullish(),
      email: z.string().nullish().catch(null),
    }),
  )
  .nullish()
  .catch(null);

const fieldSchema = z.looseObject({
  id: number.nullish().catch(null),
  name: z.string(),
  name_alias: z.string().nullish(),
  required: z.boolean().nullish().catch(null),
  additional_field: z.boolean().nullish().catch(null),
  type: z.string().nullish().catch(null),
  dropdown: options,
  required_pipeline_ids: ids,
  required_stage_ids: ids,
  show_pipeline_ids: ids,
});

/** What `/{entity}/info` sends. */
export const templateSchema = z.array(fieldSchema);

export function toField(field: z.output<typeof fieldSchema>): TemplateField {
  const isCustom = field.additional_field === true;
  return {
    id: isCustom ? (field.id ?? null) : null,
    name: field.name,
    writeName: isCustom ? field.name : (WRITE_NAMES[field.name] ?? field.name),
    label: field.name_alias ?? field.name,
    isCustom,
    type: (field.type ?? "").trim().toLowerCase(),
    options: (field.dropdown ?? []).flatMap(({ id, name, email }) =>
      id === null || id === undefined
        ? wordOption(name)
        : [{ id: String(id), name: String(name ?? id), ...(email ? { email } : {}) }],
    ),
    hasOptionIds: (field.dropdown ?? []).every(({ id }) => id !== null && id !== undefined),
    isRequired: field.required === true,
    requiredPipelines: field.required_pipeline_ids,
    requiredStages: field.required_stage_ids,
    shownPipelines: field.show_pipeline_ids,
  };
}

/** Currencies have names only: these are what is written. */
const wordOption = (name: string | number | null | undefined): readonly FieldOption[] =>
  name === null || name === undefined ? [] : [{ id: String(name), name: String(name) }];

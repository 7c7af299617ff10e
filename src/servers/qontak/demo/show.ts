import { dayOf } from "../dates.ts";
import { textOf } from "../text-of.ts";
import { nameIn, rowOf, type Crm, type Stored, type Table } from "./crm.ts";

/** A record as Qontak sends it: with the names of what it is linked to. */
export function shown(crm: Crm, table: Table, row: Stored): Stored {
  return { ...SHOWN[table](crm, row), additional_fields: customOf(crm, table, row) };
}

type Show = (crm: Crm, row: Stored) => Stored;

const chosen = (crm: Crm, row: Stored, ...names: readonly string[]): Stored =>
  Object.fromEntries(
    names.flatMap((name) => {
      const id = row[`${name}_id`] ?? null;
      return [
        [`${name}_id`, id],
        [`${name}_name`, nameIn(crm.choices[name], id)],
      ];
    }),
  );

const nameOf = (crm: Crm, table: Table, id: unknown): string | null => {
  const row = rowOf(crm, table, id);
  if (row === null) return null;
  const { first_name, last_name, name } = row;
  return first_name === undefined
    ? String(name)
    : [first_name, last_name].filter(Boolean).map(String).join(" ");
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const namesOf = (crm: Crm, table: Table, ids: unknown): readonly (string | null)[] =>
  listOf(ids).map((id) => nameOf(crm, table, id));

const owner = (crm: Crm, row: Stored): Stored => ({
  creator_id: row["creator_id"] ?? null,
  creator_name: nameIn(crm.users, row["creator_id"]),
});

/** Deals that name this record. */
const dealsOf = (crm: Crm, isLinked: (deal: Stored) => boolean): Stored => {
  const deals = crm.tables.deals.filter(isLinked);
  return {
    crm_deal_ids: deals.map(({ id }) => id),
    crm_deal_name: deals.map(({ name }) => name),
  };
};

const SHOWN: Readonly<Record<Table, Show>> = {
  contacts: (crm, row) => ({
    ...row,
    ...owner(crm, row),
    ...chosen(crm, row, "crm_status", "crm_source", "crm_gender"),
    crm_company_id: row["crm_company_id"] ?? null,
    crm_company_name: nameOf(crm, "companies", row["crm_company_id"]),
    ...dealsOf(crm, (deal) => listOf(deal["crm_lead_ids"]).includes(row["id"])),
  }),
  companies: (crm, row) => {
    const people = crm.tables.contacts.filter((each) => each["crm_company_id"] === row["id"]);
    return {
      ...row,
      ...owner(crm, row),
      ...chosen(crm, row, "industry", "crm_type", "crm_source"),
      crm_person_ids: people.map(({ id }) => id),
      crm_person_name: people.map(({ id }) => nameOf(crm, "contacts", id)),
      ...dealsOf(crm, (deal) => deal["crm_company_id"] === row["id"]),
    };
  },
  deals: (crm, row) => {
    const items = crm.tables.products_association.filter(
      (each) => each["crm_deal_id"] === row["id"],
    );
    const company = row["crm_company_id"] ?? null;
    return {
      ...row,
      size: row["size"] === undefined ? null : decimal(row["size"]),
      closed_date: midnight(row["closed_date"]),
      start_date: midnight(row["start_date"]),
      expired_date: midnight(row["expired_date"]),
      ...owner(crm, row),
      ...chosen(crm, row, "crm_source", "crm_lost_reason", "crm_priority"),
      crm_pipeline_name: crm.pipelines.find(({ id }) => id === row["crm_pipeline_id"])?.["name"],
      crm_stage_name: crm.stages.find(({ id }) => id === row["crm_stage_id"])?.["name"],
      crm_company_id: company === null ? null : [company],
      crm_company_name: company === null ? null : [nameOf(crm, "companies", company)],
      crm_lead_ids: listOf(row["crm_lead_ids"]),
      crm_lead_name: namesOf(crm, "contacts", row["crm_lead_ids"]),
      product_association_ids: items.map(({ id }) => id),
      product_association_name: items.map(({ name }) => name),
      product_association_quantity: items.map(({ quantity }) => quantity ?? null),
      product_association_price: items.map(({ price }) => price ?? null),
      product_association_total_price: items.map(({ total_price }) => total_price ?? null),
    };
  },
  tasks: (crm, row) => ({
    ...row,
    crm_person_full_name: nameOf(crm, "contacts", row["crm_person_id"]),
    crm_deal_name: nameOf(crm, "deals", row["crm_deal_id"]),
    crm_company_name: nameOf(crm, "companies", row["crm_company_id"]),
    user_full_name: nameIn(crm.users, row["user_id"]),
    crm_task_category_name: crm.categories.find(({ id }) => id === row["crm_task_category_id"])?.[
      "name"
    ],
    attachment: null,
  }),
  tickets: (crm, row) => {
    const pipeline = crm.ticketPipelines.find(({ stages }) =>
      stages.some(({ id }) => id === row["ticket_stage_id"]),
    );
    return {
      ...row,
      unique_ticket_id: `TCK-${String(row["id"])}`,
      ...owner(crm, row),
      user_id: row["user_id"] ?? null,
      user_name: nameIn(crm.users, row["user_id"]),
      ...chosen(crm, row, "ticket_priority", "ticket_category"),
      ticket_stage_name: nameIn(pipeline?.stages, row["ticket_stage_id"]),
      ticket_pipeline_id: pipeline?.id ?? null,
      ticket_pipeline_name: pipeline?.name ?? null,
      crm_company_name: nameOf(crm, "companies", row["crm_company_id"]),
      crm_lead_names: namesOf(crm, "contacts", row["crm_lead_ids"]),
      crm_product_names: namesOf(crm, "products", row["crm_product_ids"]),
      crm_task_names: namesOf(crm, "tasks", row["crm_task_ids"]),
    };
  },
  notes: (crm, row) => ({
    ...row,
    creator_id: row["creator_id"] ?? null,
    crm_person_full_name: nameOf(crm, "contacts", row["crm_person_id"]),
    crm_deal_name: nameOf(crm, "deals", row["crm_deal_id"]),
    crm_company_name: nameOf(crm, "companies", row["crm_company_id"]),
    crm_checkin: null,
    crm_note_images: [],
    crm_note_audios: [],
  }),
  products: (_crm, row) => row,
  products_association: (_crm, row) => row,
};

/** "84000000.0", as Rails writes it. */
const decimal = (value: unknown): string => textOf(value).replace(/^(\d+)$/, "$1.0");

/** The beginning of a day in Jakarta. */
function midnight(value: unknown): string | null {
  const day = dayOf(textOf(value));
  return day === null ? null : `${day}T00:00:00.000+07:00`;
}

/** Every custom field of the template, also those that nobody filled. */
function customOf(crm: Crm, table: Table, row: Stored): readonly Stored[] {
  const held = (row["additional_fields"] as Stored[] | undefined) ?? [];
  const template = Object.hasOwn(crm.templates, table)
    ? crm.templates[table as keyof Crm["templates"]]
    : null;
  if (template === null) return held;
  return template
    .filter((field) => field["additional_field"] === true)
    .map((field) => {
      const value = held.find(({ id }) => id === field["id"])?.["value"] ?? null;
      return { id: field["id"], name: field["name"], value, value_name: valueName(field, value) };
    });
}

function valueName(field: Stored, value: unknown): unknown {
  const options = (field["dropdown"] as Stored[] | null) ?? [];
  if (value === null || options.length === 0) return value;
  const names = textOf(value)
    .split(",")
    .map((each) => options.find(({ id }) => String(id) === each)?.["name"] ?? null);
  return field["type"] === "Multiple select" ? names : names[0];
}

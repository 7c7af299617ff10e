import type { Crm, Stored, Table, Templated } from "./crm.ts";
import { isTemplated } from "./crm.ts";

/** What Qontak takes in a write, and under which name. Anything else it ignores without a word. */
export const WRITABLE: Readonly<Record<Table, readonly string[]>> = {
  contacts:
    names(`first_name last_name job_title creator_id email telephone crm_status_id address country
    province city zipcode date_of_birth crm_source_id crm_gender_id income upload_id customer_id
    crm_occupation_id crm_company_id crm_deal_ids`),
  companies:
    names(`name website creator_id telephone address country province city zipcode industry_id
    crm_type_id number_of_employees crm_source_id annual_revenue business_reg_number crm_deal_ids
    crm_person_ids ancestry`),
  deals: names(`name currency size closed_date creator_id crm_source_id crm_lost_reason_id
    crm_pipeline_id crm_stage_id start_date expired_date crm_priority_id crm_company_id crm_lead_ids`),
  tasks: names(`name due_date end_due_date reminder_date detail next_step user_id crm_person_id
    crm_company_id crm_deal_id crm_task_status_id crm_task_priority_id crm_task_category_id
    crm_checkin_attributes attachment`),
  tickets: names(`name user_id creator_id ticket_stage_id ticket_pipeline_id description due_date
    ticket_priority_id ticket_category_id crm_company_id crm_lead_ids crm_product_ids crm_task_ids`),
  notes: names("note type crm_person_id crm_deal_id crm_company_id"),
  products: names(
    "name currency price quantity discount total_price crm_tag_ids description product_image",
  ),
  products_association: names(`name crm_product_id crm_deal_id currency price quantity discount
    total_price crm_tag_ids unit_quantity manufacturer description`),
};

function names(words: string): readonly string[] {
  return words.split(/\s+/);
}

/** Refused without these, in a create and in an update. */
const MANDATORY: Readonly<Record<Table, readonly string[]>> = {
  contacts: ["first_name"],
  companies: ["name"],
  deals: ["name", "crm_pipeline_id", "crm_stage_id"],
  tasks: ["name", "due_date", "crm_task_status_id"],
  tickets: ["name", "ticket_stage_id"],
  notes: ["note", "type"],
  products: ["name"],
  products_association: ["name", "crm_product_id", "crm_deal_id"],
};

/** Standard fields by the names of the templates. */
const WRITTEN_AS: Readonly<Record<string, string>> = {
  crm_phones: "telephone",
  crm_contact: "crm_lead_ids",
  crm_company: "crm_company_id",
  crm_person: "crm_person_id",
  crm_deal: "crm_deal_id",
};

/** What is wrong with a write, in Qontak's words; null for nothing. */
export function refusalOf(
  crm: Crm,
  table: Table,
  body: Stored,
  existing: Stored | null,
): string | null {
  const missing = MANDATORY[table].filter((name) => isEmpty(body[name]));
  if (missing.length > 0) return `${missing.join(", ")} can't be blank`;
  const stray = strayPlace(crm, table, body) ?? strayLink(crm, table, body);
  if (stray !== null) return stray;
  if (!isTemplated(table)) return null;
  return (
    wrongCustom(crm, table, body) ??
    (existing === null || isMoved(body, existing) ? unfilled(crm, table, body, existing) : null)
  );
}

const isMoved = (body: Stored, existing: Stored): boolean =>
  ["crm_stage_id", "ticket_stage_id"].some(
    (name) => body[name] !== undefined && body[name] !== existing[name],
  );

function strayPlace(crm: Crm, table: Table, body: Stored): string | null {
  if (table === "deals") {
    const stage = crm.stages.find(({ id }) => id === body["crm_stage_id"]);
    return stage?.["crm_pipeline_id"] === body["crm_pipeline_id"]
      ? null
      : "crm_stage_id is invalid";
  }
  if (table !== "tickets") return null;
  const has = crm.ticketPipelines.some(({ stages }) =>
    stages.some(({ id }) => id === body["ticket_stage_id"]),
  );
  return has ? null : "ticket_stage_id is invalid";
}

const LINKS: Readonly<Record<string, Table>> = {
  crm_company_id: "companies",
  crm_person_id: "contacts",
  crm_deal_id: "deals",
  crm_product_id: "products",
};

function strayLink(crm: Crm, _table: Table, body: Stored): string | null {
  const strays = Object.entries(LINKS).filter(
    ([name, to]) => !isEmpty(body[name]) && !crm.tables[to].some(({ id }) => id === body[name]),
  );
  return strays.length > 0 ? `${strays.map(([name]) => name).join(", ")} not found` : null;
}

function wrongCustom(crm: Crm, table: Templated, body: Stored): string | null {
  const given = body["additional_fields"];
  if (given === undefined) return null;
  if (!Array.isArray(given)) return "additional_fields is invalid";
  const known = crm.templates[table].filter((field) => field["additional_field"] === true);
  for (const each of given as Stored[]) {
    const field = known.find(({ id }) => id === each["id"]);
    if (!field) return `additional field ${String(each["id"])} not found`;
    if (!hasOptions(field, each["value"]))
      return `${String(field["name"])} is not included in the list`;
  }
  return null;
}

function hasOptions(field: Stored, value: unknown): boolean {
  if (isEmpty(value)) return true;
  const ids = ((field["dropdown"] as Stored[] | null) ?? []).map(({ id }) => String(id));
  if (field["type"] === "Dropdown select") return ids.includes(String(value));
  if (field["type"] !== "Multiple select") return true;
  return String(value)
    .split(",")
    .every((each) => ids.includes(each));
}

/** Required by the template, for all or where the record will be. */
function unfilled(
  crm: Crm,
  table: Templated,
  body: Stored,
  existing: Stored | null,
): string | null {
  const { pipeline, stage } = placeOf(crm, table, body);
  const empty = crm.templates[table].filter((field) => {
    const name = String(field["name"]);
    if (name === "creator_id") return false;
    const isWanted =
      field["required"] === true ||
      has(field["required_pipeline_ids"], pipeline) ||
      has(field["required_stage_ids"], stage);
    return isWanted && !isFilled(field, body) && !(existing && isFilled(field, existing));
  });
  return empty.length > 0
    ? `${empty.map((field) => String(field["name_alias"] ?? field["name"])).join(", ")} can't be blank`
    : null;
}

function placeOf(crm: Crm, table: Templated, body: Stored) {
  if (table === "deals") return { pipeline: body["crm_pipeline_id"], stage: body["crm_stage_id"] };
  const stage = body["ticket_stage_id"];
  const of = crm.ticketPipelines.find(({ stages }) => stages.some(({ id }) => id === stage));
  return { pipeline: of?.id, stage };
}

function isFilled(field: Stored, record: Stored): boolean {
  const name = String(field["name"]);
  if (field["additional_field"] !== true) return !isEmpty(record[WRITTEN_AS[name] ?? name]);
  const custom = (record["additional_fields"] as Stored[] | undefined) ?? [];
  return custom.some(({ id, value }) => id === field["id"] && !isEmpty(value));
}

const has = (list: unknown, id: unknown): boolean => Array.isArray(list) && list.includes(id);

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (Array.isArray(value) && value.length === 0);

import { textOf } from "../text-of.ts";
import type { Crm, Stored, Table } from "./crm.ts";

type Test = (row: Stored, value: string, crm: Crm) => boolean;

const has =
  (field: string): Test =>
  (row, value) =>
    textOf(row[field]).toLowerCase().includes(value.toLowerCase());
const is =
  (field: string): Test =>
  (row, value) =>
    String(row[field]) === value;
const anyOf =
  (field: string): Test =>
  (row, value) =>
    value.split(",").some((id) => [row[field]].flat().map(String).includes(id));

/** What Qontak documents. Any other filter it does not hear. */
const FILTERS: Readonly<Record<Table, Readonly<Record<string, Test>>>> = {
  contacts: {
    name: (row, value) =>
      `${textOf(row["first_name"])} ${textOf(row["last_name"])}`
        .toLowerCase()
        .includes(value.toLowerCase()),
    job_title: has("job_title"),
    phone: has("telephone"),
    email: has("email"),
    crm_company_id: is("crm_company_id"),
    crm_status_id: is("crm_status_id"),
    crm_deal_id: (row, value, crm) =>
      crm.tables.deals.some(
        (deal) => String(deal["id"]) === value && [deal["crm_lead_ids"]].flat().includes(row["id"]),
      ),
    created_after: (row, value) => String(row["created_at"]) > iso(value),
  },
  companies: {
    name: has("name"),
    website: has("website"),
    contact_ids: (row, value, crm) =>
      crm.tables.contacts.some(
        (each) =>
          value.split(",").includes(String(each["id"])) && each["crm_company_id"] === row["id"],
      ),
    deal_ids: (row, value, crm) =>
      crm.tables.deals.some(
        (each) =>
          value.split(",").includes(String(each["id"])) && each["crm_company_id"] === row["id"],
      ),
  },
  deals: {
    name: has("name"),
    contact_ids: anyOf("crm_lead_ids"),
    company_ids: anyOf("crm_company_id"),
    product_ids: (row, value, crm) =>
      crm.tables.products_association.some(
        (each) =>
          each["crm_deal_id"] === row["id"] &&
          value.split(",").includes(String(each["crm_product_id"])),
      ),
  },
  tasks: {},
  tickets: {},
  notes: {},
  products: { query: has("name") },
  products_association: { crm_deal_id: is("crm_deal_id"), query: has("name") },
};

const UNDOCUMENTED: Readonly<Partial<Record<Table, Readonly<Record<string, Test>>>>> = {
  deals: { pipeline_id: is("crm_pipeline_id"), stage_id: is("crm_stage_id") },
  tasks: { category_id: is("crm_task_category_id") },
};

/** The rows of a list, the newest first. */
export function filtered(crm: Crm, table: Table, query: URLSearchParams): readonly Stored[] {
  const tests = [...query].flatMap(([name, value]) => {
    const more = crm.hearsEveryFilter ? UNDOCUMENTED[table] : {};
    const test = FILTERS[table][name] ?? more?.[name];
    return test ? [{ test, value }] : [];
  });
  return crm.tables[table]
    .filter((row) => tests.every(({ test, value }) => test(row, value, crm)))
    .toSorted((a, b) => Number(b["id"]) - Number(a["id"]));
}

/** dd-mm-yyyy and dd/mm/yyyy, too. */
const iso = (day: string): string => day.replace(/^(\d{2})[-/](\d{2})[-/](\d{4})$/, "$3-$2-$1");

import { z } from "zod";
import { NOWHERE } from "../templates/requirements.ts";
import type { Entity } from "./entity.ts";
import { addressFields, amount, id, ids, LENGTHS, name, text } from "./fields.ts";

export const companies: Entity = {
  one: "company",
  many: "companies",
  says: "company",
  path: "/companies",
  idName: "company_id",
  columns: ["id", "name", "website", "telephone", "city", "industry_name"],
  filters: {
    name: { schema: text() },
    website: { schema: text() },
    contact_ids: { schema: id.describe("The company of this contact") },
    deal_ids: { schema: id.describe("The company of this deal") },
  },
  fields: {
    name,
    website: text(LENGTHS.website),
    telephone: text(LENGTHS.telephone),
    ...addressFields,
    industry_id: id,
    crm_type_id: id,
    crm_source_id: id,
    number_of_employees: z.int().min(0),
    annual_revenue: amount,
    business_reg_number: text(),
    crm_deal_ids: ids,
    crm_person_ids: ids.describe("Contacts of the company"),
    ancestry: text().describe("Id of the company above it"),
    creator_id: id.describe("Whose company it is; the account that signed in when left out"),
  },
  required: ["name"],
  kept: ["name"],
  words: {},
  takesCustom: true,
  lengths: LENGTHS,
  template: { minimum: ["name"], placeIn: {}, moves: [], place: () => Promise.resolve(NOWHERE) },
};

import { NOWHERE } from "../templates/requirements.ts";
import type { Entity } from "./entity.ts";
import { toDayFirst } from "../dates.ts";
import { addressFields, amount, day, id, ids, LENGTHS, name, text } from "./fields.ts";

export const contacts: Entity = {
  one: "contact",
  many: "contacts",
  says: "contact",
  path: "/contacts",
  idName: "contact_id",
  columns: ["id", "first_name", "last_name", "job_title", "email", "telephone", "crm_company_name"],
  filters: {
    name: { schema: text() },
    job_title: { schema: text() },
    phone: { schema: text(LENGTHS.telephone) },
    email: { schema: text(LENGTHS.email) },
    crm_company_id: { schema: id },
    crm_deal_id: { schema: id },
    crm_status_id: { schema: id },
    created_after: { schema: day, to: toDayFirst },
  },
  fields: {
    first_name: name,
    last_name: text(LENGTHS.last_name),
    email: text(LENGTHS.email),
    telephone: text(LENGTHS.telephone),
    job_title: text(LENGTHS.job_title),
    ...addressFields,
    date_of_birth: day,
    crm_status_id: id,
    crm_source_id: id,
    crm_gender_id: id,
    crm_occupation_id: id,
    crm_company_id: id,
    crm_deal_ids: ids,
    creator_id: id.describe("Whose contact it is; the account that signed in when left out"),
    income: amount,
    customer_id: text(),
  },
  required: ["first_name"],
  kept: ["first_name"],
  words: {},
  takesCustom: true,
  lengths: LENGTHS,
  template: {
    minimum: ["first_name"],
    placeIn: {},
    moves: [],
    place: () => Promise.resolve(NOWHERE),
  },
};
